import { expect, test } from 'vitest';
import { readAnswer } from './answers.ts';

test.each([
  ['Yes, please.', 'yes'],
  ["that's right", 'yes'],
  ['um yeah', 'yes'],
  ['go ahead', 'yes'],
  ["No, that's wrong.", 'no'],
  ["don't do that", 'no'],
  ['not at all', 'no'],
  ['no i said seven', 'no'],
  ['four two seven one', 'unclear'],
  ['', 'unclear'],
] as const)('%s', (text, answer) => {
  expect(readAnswer(text)).toBe(answer);
});
