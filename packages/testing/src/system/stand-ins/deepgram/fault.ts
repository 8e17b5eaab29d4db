/** What goes wrong on one connection, and when. */
export type DeepgramFault =
  /** The service answers the request for a connection with this status, and its usual words. */
  | {
      readonly when: 'handshake';
      readonly what: { readonly status: 400 | 401 | 402 | 403 | 429 | 500 | 503 };
      readonly retryAfterSeconds?: number;
    }
  /** The request for a connection is never answered. */
  | { readonly when: 'handshake'; readonly what: 'stall' }
  | {
      /**
       * - `open`: as soon as the connection stands
       * - `{ words }`: when so many words were heard on it, instead of the message that says so
       * - `end`: when it is asked for an end (ForceEndTurn, Finalize), instead of the answer
       */
      readonly when: 'open' | { readonly words: number } | 'end';
      readonly what: DeepgramFailure;
    };

/**
 * - `cut`: the network is gone, no goodbye
 * - `stall`: the connection stays open, and nothing comes any more
 * - `garbage`, `half-json`: one message that is none; the connection goes on
 * - `close`: with a code and a reason, as the service says what it did not like
 * - `error`: Flux's message of a fatal error, then a close
 * - `late`: every message from here on comes this much later
 */
export type DeepgramFailure =
  | 'cut'
  | 'stall'
  | 'garbage'
  | 'half-json'
  | { readonly close: number; readonly reason: string }
  | { readonly error: string; readonly description: string }
  | { readonly lateMs: number };

/** The service's own words, by status. */
export const refusals = {
  400: { err_code: 'Bad Request', err_msg: 'Bad Request: failed to process the request.' },
  401: { err_code: 'INVALID_AUTH', err_msg: 'Invalid credentials.' },
  402: { err_code: 'ASR_PAYMENT_REQUIRED', err_msg: 'Project does not have enough credits.' },
  403: {
    err_code: 'INSUFFICIENT_PERMISSIONS',
    err_msg: 'Project does not have access to the model.',
  },
  429: { err_code: 'TOO_MANY_REQUESTS', err_msg: 'Too many requests. Please try again later.' },
  500: { err_code: 'INTERNAL_SERVER_ERROR', err_msg: 'The server had an error.' },
  503: { err_code: 'SERVICE_UNAVAILABLE', err_msg: 'The service is not available right now.' },
} as const;
