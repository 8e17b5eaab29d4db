import { expect, test } from 'vitest';
import { cutDictionary } from './cut-dictionary.ts';

const dictionary = 'a AH\na(2) EY\nkettle K EH T AH L\norder AO R D ER\nzwieback Z W IY B AE K\n';
const list = '-900 zwieback\n-100 a\n-300 order\n-950 kettle\n';

test('what is likely stays, with all its pronunciations and in its order', () => {
  expect(cutDictionary(dictionary, { list, count: 2, needed: [] })).toBe(
    'a AH\na(2) EY\norder AO R D ER\n',
  );
});

test('what is needed stays, likely or not; what the dictionary does not have is not made up', () => {
  expect(cutDictionary(dictionary, { list, count: 1, needed: ['kettle', 'flurb'] })).toBe(
    'a AH\na(2) EY\nkettle K EH T AH L\n',
  );
});
