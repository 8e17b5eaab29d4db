/** Opus over RTP counts at 48 kHz whatever the codec's own rate is (RFC 7587, section 4.1). */
export const rtpClockHz = 48_000;

/** How far `later` is after `earlier`; RTP timestamps wrap at 2³², so the nearer way round counts. */
export function rtpDistance(earlier: number, later: number): number {
  return (later - earlier) | 0;
}
