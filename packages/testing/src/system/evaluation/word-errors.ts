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

export function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/[^a-z' ]+/g, ' ')
      .match(/\S+/g) ?? []
  );
}
