import {
  providerError,
  quoteService,
  type ProviderFault,
  type VoicebusError,
} from '@voicebus/core';
import type { Refusal } from './service-socket.ts';

/** What the settings said, so that an error can name what to change. */
export interface DeepgramAddress {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly model: string;
}

const fault = (
  kind: ProviderFault,
  message: string,
  more: { status?: number; retryAfterMs?: number | null } = {},
): VoicebusError =>
  providerError({
    provider: 'deepgram',
    fault: kind,
    message,
    status: more.status,
    retryAfterMs: more.retryAfterMs ?? undefined,
  });

/** Why no connection was given, and what helps: one line, without the key. */
export function refusedError(refusal: Refusal, address: DeepgramAddress): VoicebusError {
  const { status, retryAfterMs } = refusal;
  const quoted = quoteService(refusal.said, [address.apiKey]).replace(/\.$/, '');
  const said = quoted === '' ? `status ${status}` : `"${quoted}"`;
  switch (status) {
    case 401:
      return fault(
        'key',
        `Deepgram does not accept the key in DEEPGRAM_API_KEY: ${said}. Put a valid one there (console.deepgram.com, API keys), or take deepgram out of STT.`,
        { status },
      );
    case 403:
      return fault(
        'key',
        `The key in DEEPGRAM_API_KEY may not use ${address.model} at Deepgram: ${said}. Give it that right (console.deepgram.com), or set another DEEPGRAM_MODEL.`,
        { status },
      );
    case 402:
      return fault(
        'quota',
        `The Deepgram account of DEEPGRAM_API_KEY has no credit left: ${said}. Add some (console.deepgram.com, billing), or take deepgram out of STT.`,
        { status },
      );
    case 429:
      return fault('rate-limit', `Deepgram has too many requests from this account for now.`, {
        status,
        retryAfterMs,
      });
    default:
      if (status >= 500)
        return fault('overloaded', `Deepgram cannot serve for now (status ${status}).`, {
          status,
          retryAfterMs,
        });
      return fault(
        'setting',
        `Deepgram does not take the request for ${address.model}: ${said}. Check DEEPGRAM_MODEL and DEEPGRAM_BASE_URL (${address.baseUrl}).`,
        { status },
      );
  }
}

export function unreachableError(reason: string, { baseUrl }: DeepgramAddress): VoicebusError {
  const message = `Deepgram at ${baseUrl} cannot be reached (${reason}). Check this machine's network and DEEPGRAM_BASE_URL.`;
  return fault('network', message);
}

export function lateError(what: string): VoicebusError {
  return fault('late', `Deepgram ${what}.`);
}

/** The service's codes are short words without what was said ("NET-0001"); its sentences are left out. */
export function closedError(code: number, reason: string): VoicebusError {
  const name = /^[A-Z]+[-_\dA-Z]*/.exec(reason)?.[0] ?? '';
  const message = `Deepgram closed the connection (${[code, name].filter(Boolean).join(' ')}).`;
  if (code === 1011) return fault('overloaded', message, { status: code });
  return fault(code === 1008 ? 'garbled' : 'network', message, { status: code });
}

export function garbledError(): VoicebusError {
  return fault('garbled', 'Deepgram sends messages that are none.');
}

/** The code of Flux's fatal error message. */
export function fatalError(code: string): VoicebusError {
  const name = /^[\w-]{1,64}$/.test(code) ? code : 'unknown';
  const isTheirs = /INTERNAL|SERVER|OVERLOAD|UNAVAILABLE|TIMEOUT|NET/.test(name);
  return fault(isTheirs ? 'overloaded' : 'garbled', `Deepgram gave up with the error ${name}.`);
}
