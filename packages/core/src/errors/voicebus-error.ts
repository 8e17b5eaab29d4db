/** Every failure that crosses a boundary of this project, by stable code. */
export type ErrorCode =
  | 'aborted'
  | 'bad-message'
  | 'closed'
  | 'deadline'
  | 'floor-held'
  | 'handoff-refused'
  | 'invalid-arguments'
  | 'link-broken'
  | 'no-such-job'
  | 'no-such-worker'
  | 'not-attached'
  | 'not-enabled'
  | 'provider-failed'
  | 'provider-refused'
  | 'queue-full'
  | 'session-ended'
  | 'stale-epoch'
  | 'too-large'
  | 'unregistered-frame'
  | 'worker-failed';

export interface VoicebusErrorOptions {
  /** The same call may work when made again. */
  readonly isRetryable?: boolean;
  readonly cause?: unknown;
  /** Facts for programs: names, limits, sizes. Never what people said. */
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

/** The message says what happened and what to do about it. */
export class VoicebusError extends Error {
  readonly code: ErrorCode;
  readonly isRetryable: boolean;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;

  constructor(code: ErrorCode, message: string, options: VoicebusErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'VoicebusError';
    this.code = code;
    this.isRetryable = options.isRetryable ?? false;
    this.data = options.data ?? {};
  }
}

/** Turns anything thrown into one of ours, at a boundary. */
export function asVoicebusError(thrown: unknown, code: ErrorCode, what: string): VoicebusError {
  if (thrown instanceof VoicebusError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new VoicebusError(code, `${what}: ${reason}`, { cause: thrown });
}
