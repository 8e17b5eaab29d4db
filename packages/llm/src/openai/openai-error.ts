import { providerError, quoteService, VoicebusError, type ProviderFault } from '@voicebus/core';
import { APIConnectionError, APIError } from 'openai';
import type { OpenAISettings } from './openai-settings.ts';

/** What the service says of an error, wherever it says it. */
interface Complaint {
  readonly status: number | undefined;
  readonly code: string | null | undefined;
  readonly type: string | undefined;
  readonly param: string | null | undefined;
  readonly said: string;
  readonly retryAfterMs: number | undefined;
}

/** Codes of OpenAI's errors, in answers and in streams; everything else goes by the status. */
const faultByCode: Readonly<Record<string, ProviderFault>> = {
  invalid_api_key: 'key',
  insufficient_quota: 'quota',
  billing_hard_limit_reached: 'quota',
  model_not_found: 'setting',
  unsupported_parameter: 'setting',
  unsupported_value: 'setting',
  rate_limit_exceeded: 'rate-limit',
  server_error: 'overloaded',
  context_length_exceeded: 'too-long',
  string_above_max_length: 'too-long',
  content_filter: 'filtered',
  content_policy_violation: 'filtered',
  invalid_prompt: 'filtered',
  bio_policy: 'filtered',
  misalignment_policy_violation: 'filtered',
};

/** Servers that speak like OpenAI have its words, not its codes. */
const tooLong = /context (length|window|size)|maximum context|too many tokens/i;

/** Anything that the SDK throws, as one of ours. Never with a key, nor with what people said. */
export function openAIError(thrown: unknown, settings: OpenAISettings): VoicebusError {
  if (thrown instanceof VoicebusError) return thrown;
  if (thrown instanceof APIConnectionError) return fault('network', settings, reasonOf(thrown));
  if (thrown instanceof APIError) return complaintError(complaintOf(thrown), settings);
  if (thrown instanceof SyntaxError)
    return fault('garbled', settings, 'what it sent is no answer of the protocol');
  return fault('network', settings, reasonOf(thrown));
}

/** An error that the service puts into a stream that began well. */
export function streamError(
  { code, message }: { readonly code: string | null | undefined; readonly message: string },
  settings: OpenAISettings,
): VoicebusError {
  const said = { status: undefined, code, type: undefined, param: undefined, said: message };
  return complaintError({ ...said, retryAfterMs: undefined }, settings);
}

export function fault(which: ProviderFault, settings: OpenAISettings, what: string): VoicebusError {
  return providerError({ provider: 'openai', fault: which, message: named(settings, what) });
}

function complaintError(complaint: Complaint, settings: OpenAISettings): VoicebusError {
  const which = faultOf(complaint);
  const { status, retryAfterMs } = complaint;
  const message = named(settings, describe(which, complaint, settings));
  return providerError({ provider: 'openai', fault: which, message, status, retryAfterMs });
}

function faultOf({ status, code, said }: Complaint): ProviderFault {
  const byCode = code ? faultByCode[code] : undefined;
  if (byCode) return byCode;
  if (tooLong.test(said)) return 'too-long';
  if (status === undefined) return 'overloaded';
  if (status === 401 || status === 403) return 'key';
  if (status === 404) return 'setting';
  if (status === 402) return 'quota';
  if (status === 413) return 'too-long';
  if (status === 429) return 'rate-limit';
  return status >= 500 || status === 408 || status === 409 ? 'overloaded' : 'request';
}

function describe(which: ProviderFault, complaint: Complaint, settings: OpenAISettings): string {
  const { status, code, type, param } = complaint;
  const quote = quoteService(complaint.said, [settings.apiKey]);
  switch (which) {
    case 'key':
      return settings.apiKey === null
        ? `OPENAI_API_KEY is not set, and it asks for one: "${quote}". Set it in the environment or in .env.`
        : `it refused OPENAI_API_KEY: "${quote}". Make a new key (platform.openai.com/api-keys) and set it in the environment or in .env.`;
    case 'quota':
      return `the account of OPENAI_API_KEY has nothing left: "${quote}". Add credit (platform.openai.com/settings/organization/billing) or use another key.`;
    case 'setting':
      return `it does not know what OPENAI_MODEL or another setting asks for: "${quote}". Correct OPENAI_MODEL, OPENAI_API or OPENAI_REASONING_EFFORT.`;
    case 'rate-limit':
      return `too many requests: "${quote}"`;
    case 'too-long':
      return 'the conversation is longer than the model can take';
    case 'filtered':
      return `it will not answer this (${code ?? type ?? 'refused'})`;
    case 'overloaded':
    case 'network':
    case 'late':
    case 'garbled':
      return `it failed (${[status, code ?? type].filter(Boolean).join(' ') || 'no reason given'})`;
    case 'request':
      // Its words may quote the conversation.
      return `it does not take this request (${[status, code ?? type, param].filter(Boolean).join(' ')})`;
  }
}

function complaintOf(error: APIError): Complaint {
  const body: { message?: unknown } | undefined = error.error;
  return {
    status: error.status,
    code: error.code,
    type: error.type,
    param: error.param,
    said: typeof body?.message === 'string' ? body.message : error.message,
    retryAfterMs: retryAfterMs(error.headers),
  };
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const inMs = Number(headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(inMs)) return Math.max(0, inMs);
  const given = headers?.get('retry-after');
  if (!given) return undefined;
  const seconds = Number(given);
  const waitMs = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(given) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}

/** The innermost code says it best: ECONNREFUSED, ENOTFOUND, UND_ERR_SOCKET. */
function reasonOf(thrown: unknown): string {
  let code = '';
  for (let error = thrown; error instanceof Error; error = error.cause)
    if ('code' in error && typeof error.code === 'string') code = error.code;
  return `it was not reached, or the connection broke${code === '' ? '' : ` (${code})`}`;
}

function named(settings: OpenAISettings, what: string): string {
  return `openai (${settings.model} at ${hostOf(settings)}): ${what}`;
}

function hostOf({ baseUrl }: OpenAISettings): string {
  return baseUrl !== null && URL.canParse(baseUrl) ? new URL(baseUrl).host : 'api.openai.com';
}
