import {
  providerError,
  quoteService,
  type ProviderFault,
  type VoicebusError,
} from '@voicebus/core';

/** How the service says no, over HTTP or as a message. */
export interface ServiceRefusal {
  /** Of HTTP, or like it. */
  readonly status: number;
  /** "concurrency_limited" … or empty. */
  readonly code: string;
  /** In its own words; may be empty. */
  readonly said: string;
  readonly retryAfterMs?: number;
}

export const cartesiaName = 'cartesia';

/** Says which setting is meant, what the service said, and what helps. Without the key, and without what was to be spoken. */
export function refusedBy(refusal: ServiceRefusal, apiKey: string): VoicebusError {
  const { status, code, said, retryAfterMs } = refusal;
  const fault = faultOf(refusal);
  const quote =
    said === '' ? `status ${status}` : `"${quoteService(said, [apiKey]).replace(/\.$/, '')}"`;
  const messages: Partial<Record<ProviderFault, string>> = {
    key: `Cartesia refused CARTESIA_API_KEY: ${quote}. Make a new key at https://play.cartesia.ai/keys and set it.`,
    quota: `Cartesia has nothing left on the account of CARTESIA_API_KEY: ${quote}. See https://play.cartesia.ai/subscription.`,
    setting: `Cartesia does not have what CARTESIA_MODEL, CARTESIA_VOICE_BRIGHT or CARTESIA_VOICE_DEEP name: ${quote}. Correct them, or leave them empty.`,
    'rate-limit': `Cartesia takes no more at once from this account: ${quote}. A larger plan, or fewer calls (MAX_SESSIONS), helps.`,
    overloaded: `Cartesia cannot speak now (status ${status}${code === '' ? '' : `, ${code}`}).`,
    // Its words may be what was to be spoken: only its code is repeated.
    request: `Cartesia does not speak this text (status ${status}${code === '' ? '' : `, ${code}`}).`,
  };
  const message = messages[fault] ?? `Cartesia failed (status ${status}).`;
  return providerError({ provider: cartesiaName, fault, message, status, retryAfterMs });
}

function faultOf({ status, code }: ServiceRefusal): ProviderFault {
  if (status === 401 || status === 403) return 'key';
  if (status === 402 || code.includes('quota') || code.includes('credit')) return 'quota';
  if (status === 429) return 'rate-limit';
  if (status === 404 || code.includes('voice') || code.includes('model')) return 'setting';
  return status >= 500 ? 'overloaded' : 'request';
}

/** The way to the service broke, or never was. */
export function unreachable(what: string, status?: number): VoicebusError {
  const message = `Cartesia is not reached: ${what}.`;
  return providerError({ provider: cartesiaName, fault: 'network', message, status });
}

export function garbled(what: string): VoicebusError {
  return providerError({ provider: cartesiaName, fault: 'garbled', message: `Cartesia ${what}.` });
}

export function late(what: string, limitMs: number): VoicebusError {
  const message = `Cartesia ${what} within ${limitMs} ms.`;
  return providerError({ provider: cartesiaName, fault: 'late', message });
}
