import type { Producer } from 'mediasoup-client/types';

/** How often the counter is read: the hand-over is exact to about one 20 ms packet. */
const everyMs = 10;

/**
 * Resolves with the page's time at which the producer's first packet was seen to leave, or null after
 * `deadlineMs`: then the recording takes over no longer than that.
 */
export async function firstPacketSent(
  producer: Producer,
  deadlineMs: number,
): Promise<number | null> {
  const giveUpMs = performance.now() + deadlineMs;
  while (!producer.closed && performance.now() < giveUpMs) {
    if (await hasSent(producer)) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return null;
}

async function hasSent(producer: Producer): Promise<boolean> {
  const stats = await producer.getStats();
  for (const entry of stats.values() as Iterable<Readonly<Record<string, unknown>>>) {
    if (entry['type'] === 'outbound-rtp' && Number(entry['packetsSent']) > 0) return true;
  }
  return false;
}
