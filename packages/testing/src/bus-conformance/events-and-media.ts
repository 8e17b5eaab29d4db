import type { MediaFrame, SessionEvent } from '@voicebus/core';
import { expect, it } from 'vitest';
import type { BusUnderTest } from './bus-under-test.ts';
import { Peer } from './peer.ts';
import { Seen } from './seen.ts';

const event = (sequence: number, type = 'caller-disconnected'): SessionEvent =>
  ({
    id: `event-${sequence}`,
    sequence,
    atMs: sequence,
    wallMs: Date.now(),
    sessionId: 'session',
    type,
    ...(type === 'session-ended' ? { reason: 'caller-ended' } : {}),
  }) as SessionEvent;

const frame = (sequence: number, wallMs: number): MediaFrame => ({
  sessionId: 'session',
  sequence,
  sampleRate: 24_000,
  wallMs,
  pcm: Buffer.from(Array.from({ length: 960 }, (_, index) => (index + sequence) & 0xff)),
});

/** What the pages show, and sound for whoever asked for it. */
export function describeEventsAndMedia(under: () => BusUnderTest, channel: () => string): void {
  it('keeps the events of a session, and tells those who look, wherever they are', async () => {
    await using one = await Peer.join(under().connect(channel()));
    await using two = await Peer.join(under().connect(channel()));
    const seen = new Seen<number>();
    const own = new Seen<number>();
    const stop = two.bus.membership.events.subscribe(({ sequence }) => seen.add(sequence));
    one.bus.membership.events.subscribe(({ sequence }) => own.add(sequence));
    // A subscription that is just made may miss the first; nobody waits for it.
    for (let sequence = 0; seen.items.length === 0; sequence += 1) {
      one.bus.membership.events.publish(event(sequence));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (let sequence = 1_000; sequence < 1_100; sequence += 1)
      one.bus.membership.events.publish(event(sequence));
    one.bus.membership.events.publish(event(1_100, 'session-ended'));
    await seen.until((items) => items.includes(1_100), 'the last event at two');
    await own.until((items) => items.includes(1_100), 'the last event at one');
    const kept = await two.bus.membership.events.read('session');
    expect(kept.map(({ sequence }) => sequence)).toEqual(own.items);
    expect(seen.items).toEqual(own.items.slice(-seen.items.length));
    expect(one.bus.membership.events.dropped).toBe(0);
    stop();
    expect(await two.bus.membership.events.read('nobody')).toEqual([]);
  });

  it('carries sound as it is, for the session and the process that asked, while it is asked for', async () => {
    await using one = await Peer.join(under().connect(channel()));
    await using two = await Peer.join(under().connect(channel()));
    const heard = new Seen<MediaFrame>();
    const other = new Seen<MediaFrame>();
    const stop = await two.bus.membership.media.listen('session', (each) => heard.add(each));
    await two.bus.membership.media.listen('other', (each) => other.add(each));
    const now = Date.now();
    const frames = Array.from({ length: 50 }, (_, index) => frame(index + 1, now + index));
    for (const each of frames) one.bus.membership.media.send(two.bus.incarnation, each);
    await heard.until((items) => items.length === 50, 'the sound');
    expect(heard.items).toEqual(frames);
    stop();
    one.bus.membership.media.send(two.bus.incarnation, frame(51, now + 51));
    const last = { ...frame(1, now + 52), sessionId: 'other' };
    one.bus.membership.media.send(two.bus.incarnation, last);
    await other.until((items) => items.length === 1, 'the other session');
    expect(other.items).toEqual([last]);
    expect(heard.items).toHaveLength(50);
  });
}
