import { soundKey } from './likeness.ts';
import { plainWords, stems } from './words.ts';

/**
 * What a classifier looks at: words by their stems, pairs of neighbours, and the sounds of the whole sentence
 * without the gaps between its words. A recogniser that hears "in voice" for "invoice" keeps the sounds.
 */
export function features(text: string): readonly string[] {
  const words = stems(text);
  const found = new Set<string>();
  for (const [at, word] of words.entries()) {
    found.add(`w ${word}`);
    found.add(`p ${words[at - 1] ?? '<'} ${word}`);
  }
  const last = words.at(-1);
  if (last !== undefined) found.add(`p ${last} >`);
  const sounds = plainWords(text).split(' ').map(soundKey).join('');
  for (let at = 0; at + soundLength <= sounds.length; at += 1)
    found.add(`s ${sounds.slice(at, at + soundLength)}`);
  return [...found];
}

/** Shorter pieces are in everything, longer ones do not survive a misheard sound. */
const soundLength = 4;
