import { expect, it } from 'vitest';
import { heardWords } from './heard-words.ts';

it('joins tokens to words with their times, and writes capitals small', () => {
  const tokens = [' WHERE', ' IS', ' M', 'Y', ' OR', 'DER'];
  const timestamps = [0.32, 0.48, 0.56, 0.6, 0.72, 0.96];
  expect(heardWords({ text: ' WHERE IS MY ORDER', tokens, timestamps })).toEqual({
    text: 'where is my order',
    words: [
      { text: 'where', startMs: 320, endMs: 400 },
      { text: 'is', startMs: 480, endMs: 560 },
      { text: 'my', startMs: 560, endMs: 680 },
      { text: 'order', startMs: 720, endMs: 1040 },
    ],
  });
});

it('leaves capitals that mean something', () => {
  const tokens = ['▁Hello', '▁Ann', '.'];
  const heard = heardWords({ text: 'Hello Ann.', tokens, timestamps: [0, 0.4, 0.6] });
  expect(heard.text).toBe('Hello Ann.');
  expect(heard.words.map(({ text }) => text)).toEqual(['Hello', 'Ann.']);
});

it('gives no times where they are not those of the words, and nothing for nothing', () => {
  expect(heardWords({ text: 'two words', tokens: [' two'], timestamps: [0] }).words).toEqual([]);
  expect(heardWords({ text: '', tokens: [], timestamps: [] })).toEqual({ text: '', words: [] });
});
