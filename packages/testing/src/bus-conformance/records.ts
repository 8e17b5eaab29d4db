import type { RecordStore } from '@voicebus/core';
import { expect, it } from 'vitest';
import type { BusUnderTest } from './bus-under-test.ts';
import { Peer } from './peer.ts';

/** Owner and floor records: whoever writes knows what it writes over. */
export function describeRecords(under: () => BusUnderTest, channel: () => string): void {
  const stores = async (): Promise<
    AsyncDisposable & { readonly one: RecordStore; readonly two: RecordStore }
  > => {
    const peers = [
      await Peer.join(under().connect(channel())),
      await Peer.join(under().connect(channel())),
    ] as const;
    return {
      one: peers[0].bus.membership.store,
      two: peers[1].bus.membership.store,
      async [Symbol.asyncDispose]() {
        for (const peer of peers) await peer[Symbol.asyncDispose]();
      },
    };
  };

  it('has exactly one winner of every race', async () => {
    await using both = await stores();
    const { one, two } = both;
    for (let epoch = 0; epoch < 30; epoch += 1) {
      const tries = [one, two, one, two].map(async (store, index) => {
        const next = { epoch: epoch + 1, holder: `${index}` };
        return (await store.compareAndSet('floor/s/', epoch, next)) ? index : null;
      });
      const winners = (await Promise.all(tries)).filter((index) => index !== null);
      expect(winners).toHaveLength(1);
      const now = await two.get('floor/s/');
      expect(now).toEqual({ epoch: epoch + 1, holder: `${winners[0]}` });
    }
  });

  it('keeps what it is not asked to change', async () => {
    await using both = await stores();
    const { one, two } = both;
    expect(await one.get('owner/s')).toBeNull();
    expect(await one.compareAndSet('owner/s', 1, { epoch: 2, holder: 'x' })).toBe(false);
    expect(await one.compareAndSet('owner/s', 0, { epoch: 1, holder: 'a' })).toBe(true);
    expect(await two.compareAndSet('owner/s', 0, { epoch: 1, holder: 'b' })).toBe(false);
    expect(await two.get('owner/s')).toEqual({ epoch: 1, holder: 'a' });
    await one.remove('owner/s');
    expect(await two.get('owner/s')).toBeNull();
    expect(await two.compareAndSet('owner/s', 0, { epoch: 1, holder: 'b' })).toBe(true);
  });
}
