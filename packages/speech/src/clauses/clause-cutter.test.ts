import { expect, test } from 'vitest';
import { ClauseCutter } from './clause-cutter.ts';

function cut(text: string, size = 3): string[] {
  const cutter = new ClauseCutter();
  const clauses: string[] = [];
  for (let at = 0; at < text.length; at += size)
    clauses.push(...cutter.write(text.slice(at, at + size)));
  return [...clauses, ...cutter.rest()];
}

test('sentences, and the first clause at a comma', () => {
  expect(cut('Thank you for calling, how can I help? I know orders, returns and more.')).toEqual([
    'Thank you for calling, ',
    'how can I help? ',
    'I know orders, returns and more.',
  ]);
});

test('a clause is given before the text is complete', () => {
  const cutter = new ClauseCutter();
  expect(cutter.write('One moment. Let')).toEqual(['One moment. ']);
});

test('decimals, abbreviations and initials do not end a sentence', () => {
  expect(cut('It costs $4.50. Dr. J. Smith approved it.')).toEqual([
    'It costs $4.50. ',
    'Dr. J. Smith approved it.',
  ]);
});

test('no character is lost, whatever the pieces', () => {
  const text = `A list: one; two — three... "four!" ${'word '.repeat(90)}end\n\nand on`;
  for (const size of [1, 2, 7, 50, 1000]) expect(cut(text, size).join('')).toBe(text);
  expect(Math.max(...cut(text).map((clause) => clause.length))).toBeLessThanOrEqual(201);
});
