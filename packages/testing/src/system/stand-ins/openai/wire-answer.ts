/** An answer as server-sent events, in the order in which they are written. */
export interface WireAnswer {
  /** Once the request is taken. */
  readonly opening: readonly string[];
  /** Each a piece of text or of arguments, with what belongs before it. */
  readonly pieces: readonly string[];
  /** What says that it is complete. */
  readonly closing: readonly string[];
  /** What says in its place that it failed. */
  readonly failed: string;
  readonly error: string;
}
