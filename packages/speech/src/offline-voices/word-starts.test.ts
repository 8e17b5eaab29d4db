import { expect, test } from 'vitest';
import { parsePhones } from './phones.ts';
import { wordStarts } from './word-starts.ts';

/** What flite prints with `-psdur`. */
const printed = {
  order:
    'pau:0.222 y:0.299 ao:0.457 r:0.548 ao:0.604 r:0.683 d:0.719 er:0.848 ih:0.921 z:1.011 aa:1.172 n:1.221 ih:1.322 t:1.393 s:1.447 w:1.487 ey:1.716 pau:1.967',
};

test('letters find their sounds, also where two words share one', () => {
  const starts = wordStarts('Your order is on its way'.split(' '), parsePhones(printed.order));
  expect(starts).toEqual([222, 548, 848, 1011, 1221, 1447]);
});

test('a word that begins after a pause begins after it', () => {
  const phones = parsePhones('pau:0.2 w:0.3 ah:0.4 n:0.5 pau:0.7 t:0.8 uw:0.9 pau:1.1');
  expect(wordStarts(['1,', '2'], phones)).toEqual([200, 700]);
  expect(wordStarts(['One,', 'two.'], phones)).toEqual([200, 700]);
});

test('numbers stand for any sounds, and a word without a sound begins with the one before it', () => {
  const phones = parsePhones('pau:0.2 t:0.3 w:0.35 eh:0.4 n:0.5 t:0.6 iy:0.7 d:0.8 ey:0.9 z:1.0');
  expect(wordStarts(['20', 'days'], phones)).toEqual([200, 700]);
  expect(wordStarts(['twenty', '-', 'days'], phones)).toEqual([200, 200, 700]);
});

test('nothing printed is nothing known', () => {
  expect(parsePhones('')).toEqual([]);
  expect(wordStarts(['hello', 'there'], [])).toEqual([0, 0]);
});
