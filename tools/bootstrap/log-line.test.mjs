import { expect, test } from 'vitest';

import { readableLine } from './log-line.mjs';

test('a record becomes a sentence with its fields', () => {
  const line = '{"level":"info","time":"2026-01-01","message":"listening","port":3001,"a":{"b":1}}';
  expect(readableLine(line)).toBe('listening port=3001 a={"b":1}');
});

test('what is not a normal event says its level', () => {
  expect(readableLine('{"level":"warn","msg":"slow"}')).toBe('WARN slow');
});

test('anything else stays as it is', () => {
  for (const line of ['plain text', '{ broken', '{"no":"text"}', '']) {
    expect(readableLine(line)).toBe(line);
  }
});
