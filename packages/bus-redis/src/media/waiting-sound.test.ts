import { expect, it } from 'vitest';
import { WaitingSound } from './waiting-sound.ts';

const frame = (name: string, bytes = 1_000): Buffer => Buffer.alloc(bytes, name);

function read(sound: ReturnType<WaitingSound['take']>): string | null {
  if (!sound) return null;
  const frames = sound.bytes.length / 1_000;
  return `${sound.channel}: ${Array.from({ length: frames }, (_, index) => sound.bytes.toString('utf8', index * 1_000, index * 1_000 + 1)).join('')}`;
}

it('lets channels take turns, and sends together what waits of one, in its order', () => {
  const waiting = new WaitingSound();
  for (const name of '0123456789'.repeat(10)) waiting.add('loud', frame(name), 0);
  for (const name of 'ab') waiting.add('quiet', frame(name), 0);
  const first = '0123456789'.repeat(10);
  expect(read(waiting.take(10))).toBe(`loud: ${first.slice(0, 65)}`);
  waiting.add('quiet', frame('c'), 10);
  expect(read(waiting.take(10))).toBe('quiet: abc');
  expect(read(waiting.take(10))).toBe(`loud: ${first.slice(65)}`);
  expect(waiting.take(10)).toBeNull();
  expect(waiting.dropped).toBe(0);
});

it('drops what has waited for more than 200 ms, and counts it', () => {
  const waiting = new WaitingSound();
  waiting.add('one', frame('a'), 0);
  waiting.add('one', frame('b'), 50);
  waiting.add('two', frame('c'), 0);
  waiting.add('three', frame('d'), 100);
  expect(read(waiting.take(201))).toBe('one: b');
  expect(read(waiting.take(201))).toBe('three: d');
  expect(waiting.take(201)).toBeNull();
  expect(waiting.dropped).toBe(2);
});

it('is bounded in bytes, and takes more once some has gone', () => {
  const waiting = new WaitingSound();
  for (let count = 0; count < 11_000; count += 1) waiting.add(`${count % 7}`, frame('x'), 0);
  const over = waiting.dropped;
  expect(over).toBeGreaterThan(400);
  expect(over).toBeLessThan(600);
  expect(waiting.take(0)).not.toBeNull();
  waiting.add('late', frame('y'), 0);
  expect(waiting.dropped).toBe(over);
  waiting.clear();
  expect(waiting.take(0)).toBeNull();
  expect(waiting.dropped).toBe(11_001 - 65);
});
