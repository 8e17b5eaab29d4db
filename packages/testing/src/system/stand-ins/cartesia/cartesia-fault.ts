/** When a context, or the connection itself, goes wrong. */
export type FaultStage =
  /** Before the first sound of the next context. */
  | 'before'
  /** After the first sound and its word times. */
  | 'middle'
  /** After all sound, in the place of `done`. */
  | 'end';

/** What the service does wrong in the middle of its work. */
export type ContextFault =
  /** The TCP connection breaks without a close frame. */
  | 'cut'
  /** The service closes in good order with 1011: its own error. */
  | 'close'
  /** Nothing more comes for this context, and the connection stays. */
  | 'stall'
  /** A message that is no JSON. */
  | 'garbage'
  /** A message that ends in the middle. */
  | 'half-json'
  /** A `chunk` without its data, which the SDK itself does not survive unguarded. */
  | 'no-data'
  /** An `error` message with this status. */
  | 429
  | 500;

/** What the service answers instead of a WebSocket. */
export type ConnectFault =
  /** Takes the TCP connection and says nothing. */
  | 'stall'
  /** Ends the TCP connection without an answer. */
  | 'cut'
  /** An HTTP answer with the service's JSON. */
  | 401
  | 402
  | 429
  | 500;

/** The errors as the service words them: title, message and machine-readable code by HTTP status. */
export const serviceErrors: Readonly<
  Record<number, { readonly title: string; readonly message: string; readonly error_code: string }>
> = {
  400: {
    title: 'Invalid transcript',
    message: 'transcript empty or contains only punctuation',
    error_code: 'transcript_invalid',
  },
  401: {
    title: 'Unauthorized',
    message: 'The API key is not valid.',
    error_code: 'unauthorized',
  },
  402: {
    title: 'Credits exhausted',
    message: 'You have used all credits of your plan.',
    error_code: 'quota_exceeded',
  },
  404: {
    title: 'Voice not found',
    message: 'There is no voice with this ID.',
    error_code: 'voice_not_found',
  },
  429: {
    title: 'Too many concurrent requests',
    message: "You have exceeded your plan's concurrency limit.",
    error_code: 'concurrency_limited',
  },
  500: {
    title: 'Internal server error',
    message: 'Something went wrong on our side.',
    error_code: 'internal_error',
  },
};
