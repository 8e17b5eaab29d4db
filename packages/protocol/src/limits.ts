/**
 * Sizes that every edge enforces. They bound what one misbehaving peer can cost the others.
 */
export const limits = {
  /** One media frame on the bus, in bytes: 64 KB holds 1.3 s of 24 kHz PCM, far above 20 ms. */
  mediaFrameBytes: 64 * 1024,
  /** Sound on the bus that is older than this, in milliseconds, helps nobody in a conversation any more. */
  mediaMaxAgeMs: 200,
  /** One control message on the bus, in bytes. */
  controlMessageBytes: 256 * 1024,
  /** A message with a conversation in it, in bytes: a larger one holds others up, and goes in parts. */
  wholeContextBytes: 128 * 1024,
  /** The same in all its parts: some 700,000 words, more than any model reads. */
  contextInPartsBytes: 4 * 1024 * 1024,
  /** One signalling message from a browser: an SDP-free mediasoup offer is under 8 KB. */
  signallingMessageBytes: 64 * 1024,
  /** One recorded first-words chunk: 10 s of 16 kHz PCM is 320,000 bytes, sent in pieces. */
  prerollChunkBytes: 32 * 1024,
  /** Characters of one typed message. */
  textInputCharacters: 2_000,
  /** Turns that a session's row tells of one by one: five minutes of a lively conversation. */
  recentTurns: 40,
  /** Signalling messages a browser may send per second, averaged over 5 s. */
  signallingMessagesPerSecond: 60,
  /** What an agent may keep in `session.state`, as JSON. */
  sessionStateBytes: 64 * 1024,
} as const;
