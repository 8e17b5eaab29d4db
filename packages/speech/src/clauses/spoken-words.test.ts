import { expect, test } from 'vitest';
import { spokenWords } from './spoken-words.ts';

const speakable = (text: string): string =>
  text
    .replaceAll('$20', '20 dollars')
    .replaceAll(/[^a-z\d ]/gi, '')
    .trim();

test('each word after the first, at its own character', () => {
  const words = spokenWords({
    clause: 'Your order  is here. ',
    speakable,
    wordStartsMs: [200, 430, 810, 930],
  });
  expect(words).toEqual([
    { at: 5, startMs: 430 },
    { at: 12, startMs: 810 },
    { at: 15, startMs: 930 },
  ]);
});

test('what is several words to the voice is one to the reader, and what is none is none', () => {
  const words = spokenWords({
    clause: 'That is – $20 more.',
    speakable,
    wordStartsMs: [200, 400, 600, 800, 1200],
  });
  expect(words.map(({ at, startMs }) => [at, startMs])).toEqual([
    [5, 400],
    [10, 600],
    [14, 1200],
  ]);
});

test('times of other words than these are not believed', () => {
  const wordStartsMs = [200, 400];
  expect(spokenWords({ clause: 'one two three', speakable, wordStartsMs })).toEqual([]);
  expect(spokenWords({ clause: 'one two', speakable, wordStartsMs: [] })).toEqual([]);
});
