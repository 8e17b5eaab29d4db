import { expect, test } from 'vitest';
import { countedWords, wordErrors } from './word-errors.ts';

test.each([
  ['where is my order', 'where is my order', 0],
  ['where is my order', "where's my order", 0],
  ['where is my order', 'where is order', 1],
  ['where is my order', 'there is my border please', 3],
  ['', 'noise', 1],
])('%s heard as %s', (said, heard, errors) => {
  expect(wordErrors(countedWords(said), countedWords(heard))).toBe(errors);
});
