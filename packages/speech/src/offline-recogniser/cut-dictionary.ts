/**
 * The lines of a dictionary (`word(2) PH ON ES`) whose word is among the `count` most likely ones of a language
 * model's list (`-1234 word` per line) or among the `needed` ones. The order stays.
 */
export function cutDictionary(
  dictionary: string,
  { list, count, needed }: { list: string; count: number; needed: Iterable<string> },
): string {
  const words = list
    .trim()
    .split('\n')
    .map((line) => {
      const [probability = '', word = ''] = line.split(' ');
      return { probability: Number(probability), word };
    });
  const likely = words
    .toSorted((one, other) => other.probability - one.probability)
    .slice(0, count);
  const kept = new Set([...needed, ...likely.map(({ word }) => word)]);
  const lines = dictionary
    .trim()
    .split('\n')
    .filter((line) => kept.has(line.slice(0, line.indexOf(' ')).replace(/\(\d+\)$/, '')));
  return `${lines.join('\n')}\n`;
}
