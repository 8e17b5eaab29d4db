import type { WorkerRunner } from '@voicebus/core';
import { expect, it } from 'vitest';
import type { BrokerFaults, BusUnderTest } from './bus-under-test.ts';
import { allKnown, startRunner, watch } from './discovery.ts';
import { numbers, Peer } from './peer.ts';

interface Traffic {
  /** Sends the last message, and resolves with how many there were on each lane. */
  finish(): number;
}

/** A message on each lane every 10 ms, for as long as it lasts. */
function speak(from: Peer, to: Peer): Traffic {
  let count = 0;
  const next = (): void => {
    from.say(to, `${count}`);
    from.call(to, `${count}`);
    count += 1;
  };
  const timer = setInterval(next, 10);
  next();
  return {
    finish: () => {
      clearInterval(timer);
      next();
      return count;
    },
  };
}

/** What must hold when the broker, or the way to it, is gone for a while. */
export function describeFaults(under: () => BusUnderTest, channel: () => string): void {
  const faults = (): BrokerFaults => {
    const found = under().faults;
    if (!found) throw new Error('This bus has no broker.');
    return found;
  };

  /** Traffic both ways through what happens: nothing lost, nothing twice, and in order. */
  const survives = async (happens: (one: Peer, two: Peer) => Promise<void>): Promise<void> => {
    await using one = await Peer.join(under().connect(channel()));
    await using two = await Peer.join(under().connect(channel()));
    const there = speak(one, two);
    const back = speak(two, one);
    await two.seen.until((seen) => seen.length >= 20, 'traffic');
    await happens(one, two);
    await one.links.until((links) => links.at(-1) === true, 'the link at one');
    await two.links.until((links) => links.at(-1) === true, 'the link at two');
    const counts = [there.finish(), back.finish()] as const;
    await two.seen.until((seen) => seen.length >= 2 * counts[0], 'everything at two', 30_000);
    await one.seen.until((seen) => seen.length >= 2 * counts[1], 'everything at one', 30_000);
    for (const [peer, count] of [
      [two, counts[0]],
      [one, counts[1]],
    ] as const) {
      expect(peer.said).toEqual(numbers(count));
      expect(peer.called).toEqual(numbers(count));
    }
  };

  it('loses and repeats nothing when the way to the broker is cut for 2 s', async () => {
    await survives(async (one) => {
      faults().cut();
      await one.links.until((links) => links.at(-1) === false, 'the link to be down');
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      faults().mend();
    });
  });

  it('loses and repeats nothing when the broker is killed and comes back knowing nothing', async () => {
    await survives(async () => {
      await faults().restart(1_000);
    });
  });

  it('notices by itself that nothing passes any more, and goes on when it does', async () => {
    await survives(async (one, two) => {
      faults().freeze();
      await one.links.until((links) => links.at(-1) === false, 'one to notice');
      await two.links.until((links) => links.at(-1) === false, 'two to notice');
      faults().mend();
    });
  });

  it('refuses at its sender what is too large, skips what cannot be read, and delivers the next', async () => {
    await using one = await Peer.join(under().connect(channel()));
    await using two = await Peer.join(under().connect(channel()));
    expect(() => one.say(two, 'huge', 'x'.repeat(300_000))).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
    one.say(two, 'before');
    await two.seen.until((seen) => seen.length === 1, 'the message before');
    await faults().putGarbage(channel(), two.bus.incarnation);
    one.say(two, 'after');
    await two.seen.until((seen) => seen.length === 2, 'the message after');
    expect(two.said).toEqual(['before', 'after']);
    expect(two.bus.membership.malformed).toBe(1);
  });

  it('delivers inside the process, and gives no epoch twice, while the broker is away', async () => {
    await using one = await Peer.join(under().connect(channel()));
    await using two = await Peer.join(under().connect(channel()));
    const { store } = one.bus.membership;
    expect(await store.compareAndSet('floor/s/', 0, { epoch: 1, holder: 'a' })).toBe(true);
    expect(await store.compareAndSet('floor/s/', 1, { epoch: 2, holder: 'b' })).toBe(true);
    const back = faults().restart(300);
    await one.links.until((links) => links.at(-1) === false, 'the link to be down');
    one.say(one, 'own');
    one.call(one, 'cancel');
    await one.seen.until((seen) => seen.length === 2, 'its own');
    await back;
    await one.links.until((links) => links.at(-1) === true, 'the link to be up');
    await two.links.until((links) => links.at(-1) === true, 'the other link to be up');
    // The broker has forgotten it; the one who wrote it has not.
    let known = await two.bus.membership.store.get('floor/s/');
    for (let count = 0; known === null && count < 100; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      known = await two.bus.membership.store.get('floor/s/');
    }
    expect(known).toEqual({ epoch: 2, holder: 'b' });
    const stale = two.bus.membership.store.compareAndSet('floor/s/', 0, { epoch: 1, holder: 'c' });
    expect(await stale).toBe(false);
    expect(await store.compareAndSet('floor/s/', 2, { epoch: 3, holder: 'd' })).toBe(true);
  });

  it('declares nobody lost because the broker was away, and everybody knows all again', async () => {
    const runners: WorkerRunner[] = [];
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names)
      runners.push(await startRunner(under(), { channel: channel(), name }, name));
    await allKnown(runners, names);
    const seen = runners.map((runner) => watch(runner, ...names));
    await faults().restart(1_000);
    const late = await startRunner(under(), { channel: channel(), name: 'late' }, 'f');
    await allKnown([...runners, late], [...names, 'f']);
    // Longer than the lease: whoever is taken for lost is by then.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    for (const { items } of seen)
      expect(items.toSorted()).toEqual(names.map((name) => `${name} ready`));
    await allKnown([...runners, late], [...names, 'f']);
    await Promise.all([...runners, late].map((runner) => runner.cancel()));
  });
}
