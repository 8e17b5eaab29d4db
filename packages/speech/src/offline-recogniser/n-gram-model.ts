type Counts = Map<string, number>;

/** Taken from every count and given to what was not seen; between 0.4 and 0.7 it makes no difference. */
const discount = 0.5;
const floor = -99;
const start = '<s>';
const end = '</s>';

/**
 * A 3-gram model in the ARPA format, from sentences of lower-case words: absolute discounting,
 * interpolated with the shorter histories (Ney, Essen, Kneser 1994), which a back-off model expresses
 * exactly. A sentence that is given twice counts twice.
 */
export function createNGramModel(sentences: readonly string[]): string {
  const counts = [1, 2, 3].map((order) => countNGrams(sentences, order));
  const [singles, pairs, triples] = counts;
  if (singles === undefined || pairs === undefined || triples === undefined) return '';
  const lower = { probability: unigramProbabilities(singles), weight: new Map<string, number>() };
  const middle = interpolate(pairs, (ngram) => lower.probability.get(lastWord(ngram)) ?? 0);
  const upper = interpolate(triples, (ngram) => middle.probability.get(dropFirst(ngram)) ?? 0);
  const orders = [
    section(1, lower.probability, middle.weight),
    section(2, middle.probability, upper.weight),
    section(3, upper.probability, new Map()),
  ];
  const sizes = orders.map(({ order, lines }) => `ngram ${order}=${lines.length}`);
  const bodies = orders.map(({ order, lines }) => `\\${order}-grams:\n${lines.join('\n')}\n`);
  return `\\data\\\n${sizes.join('\n')}\n\n${bodies.join('\n')}\n\\end\\\n`;
}

function countNGrams(sentences: readonly string[], order: number): Counts {
  const counts: Counts = new Map();
  for (const sentence of sentences) {
    const words = [start, ...sentence.split(/\s+/).filter((word) => word !== ''), end];
    for (let at = 0; at + order <= words.length; at += 1) {
      const ngram = words.slice(at, at + order).join(' ');
      counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
    }
  }
  return counts;
}

function unigramProbabilities(counts: Counts): Map<string, number> {
  let total = 0;
  for (const [word, count] of counts) if (word !== start) total += count;
  const probabilities = new Map<string, number>();
  for (const [word, count] of counts) probabilities.set(word, count / total);
  // Nothing predicts the start of a sentence.
  probabilities.set(start, 0);
  return probabilities;
}

/** Probabilities of the n-grams that were seen, and of each history what is left for the others. */
function interpolate(counts: Counts, shorter: (ngram: string) => number) {
  const histories = new Map<string, { total: number; kinds: number }>();
  for (const [ngram, count] of counts) {
    const history = histories.get(dropLast(ngram)) ?? { total: 0, kinds: 0 };
    history.total += count;
    history.kinds += 1;
    histories.set(dropLast(ngram), history);
  }
  const weight = new Map<string, number>();
  for (const [history, { total, kinds }] of histories)
    weight.set(history, (discount * kinds) / total);
  const probability = new Map<string, number>();
  for (const [ngram, count] of counts) {
    const history = dropLast(ngram);
    const total = histories.get(history)?.total ?? 1;
    const left = weight.get(history) ?? 0;
    probability.set(ngram, (count - discount) / total + left * shorter(ngram));
  }
  return { probability, weight };
}

function section(order: number, probability: Map<string, number>, weight: Map<string, number>) {
  const log = (value: number): string => (value > 0 ? Math.log10(value) : floor).toFixed(4);
  const lines = [...probability.keys()].toSorted().map((ngram) => {
    const backOff = weight.get(ngram);
    const line = `${log(probability.get(ngram) ?? 0)}\t${ngram}`;
    return backOff === undefined ? line : `${line}\t${log(backOff)}`;
  });
  return { order, lines };
}

function dropLast(ngram: string): string {
  return ngram.slice(0, ngram.lastIndexOf(' '));
}

function dropFirst(ngram: string): string {
  return ngram.slice(ngram.indexOf(' ') + 1);
}

function lastWord(ngram: string): string {
  return ngram.slice(ngram.lastIndexOf(' ') + 1);
}
