import { FakeClock } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { PacketWatch } from './packet-watch.ts';

function watched() {
  const clock = new FakeClock();
  const states: string[] = [];
  return { clock, states, watch: new PacketWatch(clock, (state) => states.push(state)) };
}

test('the first packet says that the caller is there, five seconds without one that they are gone', async () => {
  const { clock, states, watch } = watched();
  await clock.advance(60_000);
  expect(states).toEqual([]);
  watch.packet();
  expect(states).toEqual(['connected']);
  await clock.advance(4_999);
  expect(states).toEqual(['connected']);
  await clock.advance(1);
  expect(states).toEqual(['connected', 'disconnected']);
  await clock.advance(60_000);
  watch.packet();
  expect(states).toEqual(['connected', 'disconnected', 'connected']);
});

test('who goes on sending is there, however seldom, with one timer at a time', async () => {
  const { clock, states, watch } = watched();
  for (let count = 0; count < 20; count += 1) {
    watch.packet();
    expect(clock.pending).toBe(1);
    await clock.advance(4_900);
  }
  expect(states).toEqual(['connected']);
});

test('a process that stood still reads what came meanwhile before it says that a caller is gone', async () => {
  const { clock, states, watch } = watched();
  watch.packet();
  clock.standStill(15_000);
  watch.packet();
  await clock.advance(4_999);
  expect(states).toEqual(['connected']);
  await clock.advance(5_000);
  expect(states).toEqual(['connected', 'disconnected']);
});

test('once closed it says nothing and keeps no timer', async () => {
  const { clock, states, watch } = watched();
  watch.packet();
  watch.close();
  watch.close();
  expect(clock.pending).toBe(0);
  watch.packet();
  await clock.advance(10_000);
  expect(states).toEqual(['connected']);
});
