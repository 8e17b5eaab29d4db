import { expect, test } from 'vitest';
import { WordPlaces } from './word-places.ts';

/** The text as the words cut it; a word that is not found is null. */
function cut(text: string, words: readonly string[]): readonly (string | null)[] {
  const places = new WordPlaces();
  places.given(text);
  let at = 0;
  return words.map((word) => {
    const end = places.find(word);
    if (end === null) return null;
    const piece = text.slice(at, end);
    at = end;
    return piece;
  });
}

const cases: Readonly<
  Record<string, { text: string; words: string[]; pieces: (string | null)[] }>
> = {
  'punctuation and case do not matter': {
    text: 'Well, HELLO “you”!',
    words: ['well', 'Hello,', 'you'],
    pieces: ['Well, ', 'HELLO “', 'you”!'],
  },
  'a word that is told in two': {
    text: 'twenty-five lamps',
    words: ['twenty', 'five', 'lamps'],
    pieces: ['twenty-', 'five ', 'lamps'],
  },
  'two that are told in one': {
    text: 'good bye now',
    words: ['goodbye', 'now'],
    pieces: ['good bye ', 'now'],
  },
  'the same word again and again': {
    text: 'no no no',
    words: ['no', 'no', 'no'],
    pieces: ['no ', 'no ', 'no'],
  },
  'a price that is read otherwise': {
    text: 'It is $5 now.',
    words: ['It', 'is', 'five', 'dollars', 'now.'],
    pieces: ['It ', 'is $', null, null, '5 now.'],
  },
  'symbols alone': {
    text: 'one — two',
    words: ['one', '—', 'two'],
    pieces: ['one — ', null, 'two'],
  },
  'accents and other scripts': {
    text: 'Café 東京 ok',
    words: ['café', '東京', 'ok'],
    pieces: ['Café ', '東京 ', 'ok'],
  },
  'characters of two units': {
    text: 'a 𝐛 c',
    words: ['a', '𝐛', 'c'],
    pieces: ['a ', '𝐛 ', 'c'],
  },
};

test.each(Object.entries(cases))('%s', (_, { text, words, pieces }) => {
  expect(cut(text, words)).toEqual(pieces);
});

test('a word that is nowhere near is not looked for to the end', () => {
  const far = `${'word '.repeat(20)}lamp`;
  expect(cut(far, ['lamp'])).toEqual([null]);
});

test('a word counts once its text was given', () => {
  const places = new WordPlaces();
  places.given('One ');
  expect(places.find('two')).toBeNull();
  places.given('two');
  expect(places.find('two')).toBe(7);
  expect(places.at).toBe(7);
});
