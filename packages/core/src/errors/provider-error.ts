import { VoicebusError, type ErrorCode } from './voicebus-error.ts';

/** What can go wrong at a provider of speech or language. Each is answered in its own way. */
export type ProviderFault =
  /** No key, a wrong or expired one, or one that may not do this. */
  | 'key'
  /** The account has nothing left. */
  | 'quota'
  /** A setting names what the service does not have: a model, a voice. */
  | 'setting'
  /** Too many requests for now; `retryAfterMs` where the service says it. */
  | 'rate-limit'
  /** The service says that it cannot, for now: 5xx. */
  | 'overloaded'
  /** Not reached, or the connection broke. */
  | 'network'
  /** Nothing came in time. */
  | 'late'
  /** What came is not what the service's protocol says. */
  | 'garbled'
  /** It does not take this request; others it would. */
  | 'request'
  /** It will not speak about this. */
  | 'filtered'
  /** The conversation is longer than it can take. */
  | 'too-long';

interface FaultRule {
  readonly code: ErrorCode;
  /** The same request at the same provider may work a moment later. */
  readonly isRetryable: boolean;
  /**
   * What it says about the provider's health: `refused` stays until somebody changes something, `unwell`
   * may pass, `well` is about this request alone.
   */
  readonly health: 'well' | 'unwell' | 'refused';
}

const rules: Readonly<Record<ProviderFault, FaultRule>> = {
  key: { code: 'provider-refused', isRetryable: false, health: 'refused' },
  quota: { code: 'provider-refused', isRetryable: false, health: 'refused' },
  setting: { code: 'provider-refused', isRetryable: false, health: 'refused' },
  'rate-limit': { code: 'provider-failed', isRetryable: true, health: 'unwell' },
  overloaded: { code: 'provider-failed', isRetryable: true, health: 'unwell' },
  network: { code: 'provider-failed', isRetryable: true, health: 'unwell' },
  // Whoever was late once costs the caller the same wait again.
  late: { code: 'deadline', isRetryable: false, health: 'unwell' },
  garbled: { code: 'provider-failed', isRetryable: true, health: 'unwell' },
  request: { code: 'provider-refused', isRetryable: false, health: 'well' },
  filtered: { code: 'provider-refused', isRetryable: false, health: 'well' },
  'too-long': { code: 'provider-refused', isRetryable: false, health: 'well' },
};

export interface ProviderErrorOptions {
  /** The provider's name: "openai". */
  readonly provider: string;
  readonly fault: ProviderFault;
  /** What happened and what helps; names the setting. Never a key, never what people said. */
  readonly message: string;
  /** Of HTTP, or a WebSocket's close code. */
  readonly status?: number | undefined;
  readonly retryAfterMs?: number | undefined;
}

export function providerError(options: ProviderErrorOptions): VoicebusError {
  const { provider, fault, message, status, retryAfterMs } = options;
  const { code, isRetryable } = rules[fault];
  return new VoicebusError(code, message, {
    isRetryable,
    data: {
      provider,
      fault,
      ...(status === undefined ? {} : { status }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
  });
}

/** All providers of a chain were asked: whoever asked the chain need not ask again. */
export function exhausted({ code, message, data }: VoicebusError): VoicebusError {
  return new VoicebusError(code, message, { data: { ...data, isExhausted: true } });
}

export function isExhausted({ data }: VoicebusError): boolean {
  return data['isExhausted'] === true;
}

/** Which fault an error stands for; anything that is no provider error counts as `garbled`. */
export function faultOf({ code, data }: VoicebusError): ProviderFault {
  const fault = data['fault'];
  if (typeof fault === 'string' && Object.hasOwn(rules, fault)) return fault as ProviderFault;
  return code === 'deadline' ? 'late' : 'garbled';
}

export function healthAfter(error: VoicebusError): FaultRule['health'] {
  return rules[faultOf(error)].health;
}

/** As the service asked: how long to leave it alone. */
export function retryAfterOf({ data }: VoicebusError): number | null {
  const given = data['retryAfterMs'];
  return typeof given === 'number' ? given : null;
}

/** A sentence of a service is short; what is longer is a page of somebody's proxy. */
const longestQuote = 300;

/**
 * What a service said, fit for a log and a message: on one line, without keys. Services quote keys with
 * stars in their middle: those go, too.
 */
export function quoteService(said: string, secrets: readonly (string | null)[]): string {
  const known = secrets.filter((secret) => secret !== null && secret.length >= 4);
  const without = known.reduce<string>((text, secret) => text.replaceAll(secret ?? '', '…'), said);
  const line = without
    .replaceAll(/[\w-]*\*{3,}[\w*-]*/g, '…')
    .replaceAll(/\b(sk|pk)[-_][\w-]{8,}/g, '…')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > longestQuote ? `${line.slice(0, longestQuote)}…` : line;
}
