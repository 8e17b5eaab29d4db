import { expect, test } from 'vitest';
import { createNGramModel } from './n-gram-model.ts';

const model = createNGramModel(['where is my order', 'where is my parcel', 'cancel my order']);

/** Reads the model as a decoder does: the n-gram when it is there, else the shorter one by back-off. */
function probability(words: readonly string[]): number {
  const rows = new Map<string, readonly [number, number]>();
  for (const line of model.split('\n')) {
    const [log, ngram, backOff = '0'] = line.split('\t');
    if (ngram !== undefined) rows.set(ngram, [Number(log), Number(backOff)]);
  }
  const look = (ngram: readonly string[]): number => {
    const row = rows.get(ngram.join(' '));
    if (row !== undefined) return row[0];
    const history = rows.get(ngram.slice(0, -1).join(' '));
    return (history?.[1] ?? 0) + look(ngram.slice(1));
  };
  return 10 ** look(words);
}

test('the probabilities after every history sum up to one', () => {
  const words = ['where', 'is', 'my', 'order', 'parcel', 'cancel', '</s>'];
  for (const history of [
    ['<s>'],
    ['where', 'is'],
    ['is', 'my'],
    ['cancel', 'my'],
    ['parcel', 'is'],
  ]) {
    const sum = words.reduce((total, word) => total + probability([...history, word]), 0);
    expect(sum).toBeCloseTo(1, 2);
  }
});

test('what was said often is likelier than what was not', () => {
  expect(probability(['is', 'my', 'order'])).toBeGreaterThan(probability(['is', 'my', 'cancel']));
  expect(probability(['<s>', 'where'])).toBeGreaterThan(probability(['<s>', 'cancel']));
});

test('the counts at its head are those of its sections', () => {
  const order = (at: number): number => Number(new RegExp(`ngram ${at}=(\\d+)`).exec(model)?.[1]);
  const rows = model.split('\n').filter((line) => line.includes('\t'));
  expect(order(1) + order(2) + order(3)).toBe(rows.length);
});
