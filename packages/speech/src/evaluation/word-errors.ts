/** Words to insert, delete and replace until `heard` is `said` (Levenshtein over words). */
export function wordErrors(said: readonly string[], heard: readonly string[]): number {
  let row = Array.from({ length: heard.length + 1 }, (_, index) => index);
  said.forEach((word, at) => {
    const next = [at + 1];
    heard.forEach((other, to) => {
      const replaced = (row[to] ?? 0) + (word === other ? 0 : 1);
      next.push(Math.min(replaced, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1));
    });
    row = next;
  });
  return row[heard.length] ?? 0;
}

const contractions: readonly (readonly [RegExp, string])[] = [
  [/\bi'm\b/g, 'i am'],
  [/\bi'd\b/g, 'i would'],
  [/\bi've\b/g, 'i have'],
  [/\b(what|that|it|where)'s\b/g, '$1 is'],
  [/\bcan't\b|\bcannot\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\b(do|does|did|is|was|has)n't\b/g, '$1 not'],
  [/\boh\b/g, 'zero'],
  [/\bokay\b/g, 'ok'],
];

/** The words as they count: contractions written out, marks gone. */
export function countedWords(text: string): readonly string[] {
  let plain = text.toLowerCase();
  for (const [pattern, words] of contractions) plain = plain.replace(pattern, words);
  return plain
    .replace(/[^a-z' ]+/g, ' ')
    .split(' ')
    .filter((word) => word !== '');
}
