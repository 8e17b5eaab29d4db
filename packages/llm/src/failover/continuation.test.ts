import { expect, it } from 'vitest';
import { Continuation } from './continuation.ts';

function join(said: string, ...pieces: string[]): string {
  const continuation = new Continuation(said);
  const fresh = pieces.map((piece) => continuation.take(piece));
  return [said, ...fresh, continuation.end()].join('');
}

it.each([
  [
    'goes on after the last word',
    'Your order is',
    ['on', ' its way.'],
    'Your order is on its way.',
  ],
  [
    'keeps a space that is there',
    'Your order is ',
    [' on', ' its way.'],
    'Your order is on its way.',
  ],
  [
    'needs none before punctuation',
    'It is ready',
    ['. Anything', ' else?'],
    'It is ready. Anything else?',
  ],
  [
    'says no repeated end again',
    'Your order is',
    ['order', ' is', ' on', ' its way.'],
    'Your order is on its way.',
  ],
  [
    'does so across pieces of words',
    'Your order is',
    ['Your or', 'der is o', 'n its way.'],
    'Your order is on its way.',
  ],
  [
    'and over other punctuation',
    'Yes, your order',
    ['yes — your order', ' is here.'],
    'Yes, your order is here.',
  ],
  [
    'repeats a word that may be meant',
    'I know that',
    ['that', ' is true.'],
    'I know that that is true.',
  ],
  ['repeats digits', 'It is 4 2', ['4 2', ' 7.'], 'It is 4 2 4 2 7.'],
  [
    'is not misled by a beginning',
    'We have red shoes',
    ['We have', ' blue ones.'],
    'We have red shoes We have blue ones.',
  ],
  ['may have nothing to add', 'That is all.', ['That is', ' all.'], 'That is all.'],
  ['may be empty', 'That is all.', [], 'That is all.'],
] as const)('%s', (...[, said, pieces, whole]) => {
  expect(join(said, ...pieces)).toBe(whole);
});

it('holds back only what may be a repetition', () => {
  const continuation = new Continuation('Your order is');
  expect(continuation.take('order ')).toBe('');
  expect(continuation.take('number ')).toBe(' order number ');
  expect(continuation.take('seven')).toBe('seven');
});
