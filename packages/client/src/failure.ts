/** Every way in which a call can fail. The page has words and a next step for each. */
export const failureReasons = [
  /** No transport agent answered. */
  'unreachable',
  /** The transport agents have no room: 503 with Retry-After. */
  'all-lines-busy',
  /** This page's origin is not among the allowed ones. */
  'origin-refused',
  /** The join or resume token was refused. */
  'token-refused',
  /** Everything stood, but no agent took the call in time. */
  'no-agent',
  /** A step of the set-up took longer than its deadline. */
  'timed-out',
  /** The media path could not be set up. */
  'media-failed',
  /** The connection was lost and could not be resumed in 30 s. */
  'connection-lost',
  /** The server does not know the session any more. */
  'session-gone',
  /** The machine slept for longer than the server waits for a caller. */
  'slept',
  /** Another page resumed this session. */
  'replaced',
  /** The page and the server speak different versions. */
  'version-mismatch',
  /** The server is stopping. */
  'shutting-down',
  /** The server said something this page does not understand, or refused what it sent. */
  'protocol-error',
  /** This browser has no WebRTC. */
  'browser-unsupported',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** What a broken call throws inside the client; unknown errors become one at the boundary. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: FailureReason;
  readonly isRetryable: boolean;

  constructor(code: FailureReason, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.isRetryable = retryable.has(code);
  }

  static from(error: unknown, code: FailureReason): CallError {
    if (error instanceof CallError) return error;
    const message = error instanceof Error ? error.message : String(error);
    return new CallError(code, message, { cause: error });
  }
}

const retryable: ReadonlySet<FailureReason> = new Set([
  'unreachable',
  'all-lines-busy',
  'no-agent',
  'timed-out',
  'media-failed',
  'connection-lost',
  'shutting-down',
]);
