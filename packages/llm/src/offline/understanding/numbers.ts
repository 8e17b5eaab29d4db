import { plainWords } from './words.ts';

const ones = 'zero one two three four five six seven eight nine'.split(' ');
const teens =
  'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

type Token =
  | { readonly kind: 'digits'; readonly text: string }
  | { readonly kind: 'tens'; readonly value: number }
  | { readonly kind: 'unit'; readonly value: number }
  | { readonly kind: 'times'; readonly count: number }
  | { readonly kind: 'scale'; readonly value: number };

const tokens = new Map<string, Token>([
  ...ones.map((word, value): [string, Token] => [word, { kind: 'unit', value }]),
  ...teens.map((word, at): [string, Token] => [word, { kind: 'digits', text: String(10 + at) }]),
  ...tens.map((word, at): [string, Token] => [word, { kind: 'tens', value: 20 + at * 10 }]),
  ['oh', { kind: 'unit', value: 0 }],
  ['double', { kind: 'times', count: 2 }],
  ['triple', { kind: 'times', count: 3 }],
  ['hundred', { kind: 'scale', value: 100 }],
  ['thousand', { kind: 'scale', value: 1000 }],
]);

/** Words that a recogniser writes for digits. They count only among other digits. */
const soundAlikes = new Map<string, number>(
  Object.entries({
    to: 2,
    too: 2,
    for: 4,
    fore: 4,
    won: 1,
    ate: 8,
    tree: 3,
    free: 3,
    sex: 6,
    o: 0,
    // Measured with eight synthetic voices, where a digit in the middle of others was said.
    do: 2,
    view: 2,
    dudes: 2,
    full: 4,
    fall: 4,
    floor: 4,
    forth: 4,
    fourth: 4,
    fault: 4,
    eggs: 8,
    night: 9,
    want: 1,
    seats: 6,
    sits: 6,
    fine: 5,
    hero: 0,
  }),
);

/**
 * The digits that were said, in every way people say an order number: "4271", "four two seven one",
 * "forty two seventy one", "four thousand two hundred seventy one", "double seven". The longest run.
 */
export function spokenDigits(text: string): string {
  const words = plainWords(text).split(' ');
  let longest = '';
  for (const run of numberRuns(words)) {
    const digits = readRun(run);
    if (digits.length > longest.length) longest = digits;
  }
  return longest;
}

/** All the digits of a text, also when other words stand between them: "three six is zero four". */
export function allDigits(text: string): string {
  return numberRuns(plainWords(text).split(' ')).map(readRun).join('');
}

function numberRuns(words: readonly string[]): readonly (readonly Token[])[] {
  const runs: Token[][] = [];
  let run: Token[] = [];
  words.forEach((word, at) => {
    const token = /^\d+$/.test(word) ? ({ kind: 'digits', text: word } as const) : tokens.get(word);
    const alike = soundAlikes.get(word);
    if (token !== undefined) run.push(token);
    else if (alike !== undefined && isAmongDigits(words, at))
      run.push({ kind: 'unit', value: alike });
    else if (word !== 'and' || run.length === 0) {
      if (run.length > 0) runs.push(run);
      run = [];
    }
  });
  if (run.length > 0) runs.push(run);
  return runs;
}

/** A digit on both sides, or one at the end of the text after a digit. */
function isAmongDigits(words: readonly string[], at: number): boolean {
  const isNumber = (word: string | undefined): boolean =>
    word !== undefined && (tokens.has(word) || /^\d+$/.test(word));
  const before =
    isNumber(words[at - 1]) || (soundAlikes.has(words[at - 1] ?? '') && isNumber(words[at - 2]));
  const after =
    isNumber(words[at + 1]) || (soundAlikes.has(words[at + 1] ?? '') && isNumber(words[at + 2]));
  return (before && after) || (before && at === words.length - 1);
}

function readRun(run: readonly Token[]): string {
  if (run.some((token) => token.kind === 'scale')) return readCardinal(run);
  let digits = '';
  let times = 1;
  run.forEach((token, at) => {
    if (token.kind === 'times') {
      times = token.count;
      return;
    }
    const next = run[at + 1];
    let part = '';
    if (token.kind === 'digits') part = token.text;
    else if (token.kind === 'unit') part = String(token.value);
    else if (token.kind === 'tens') {
      // "forty two" is 42: its unit adds the second digit by itself.
      const hasUnit = next?.kind === 'unit' && next.value > 0;
      part = hasUnit ? String(token.value / 10) : String(token.value);
    }
    digits += part.repeat(times);
    times = 1;
  });
  return digits;
}

function readCardinal(run: readonly Token[]): string {
  let total = 0;
  let group = 0;
  for (const token of run) {
    if (token.kind === 'digits') group += Number(token.text);
    else if (token.kind === 'unit' || token.kind === 'tens') group += token.value;
    else if (token.kind === 'scale' && token.value === 100) group = Math.max(1, group) * 100;
    else if (token.kind === 'scale') {
      total += Math.max(1, group) * token.value;
      group = 0;
    }
  }
  return String(total + group);
}

/** Digits that sound alike, on a bad line. */
const confusable = ['59', '19', '15', '68', '23', '48', '37', '70', '40'];

/**
 * The number with one part corrected ("no, I said seven"), or undefined when it is not clear which
 * part is meant. `heard` has fewer digits than `number`.
 */
export function correctNumber(number: string, heard: string): string | undefined {
  if (heard.length === 0 || heard.length >= number.length) return undefined;
  const candidates = new Set<string>();
  for (let at = 0; at + heard.length <= number.length; at += 1) {
    const before = number.slice(at, at + heard.length);
    const differing = [...before].filter((digit, index) => digit !== heard[index]);
    const others = [...heard].filter((digit, index) => digit !== before[index]);
    const pair = `${differing.join('')}${others.join('')}`;
    const isAlike = confusable.some(
      (two) => two === pair || two === [...pair].toReversed().join(''),
    );
    // Of several digits all but one agree; a single one has to sound like the one it replaces.
    if (differing.length !== 1 || (heard.length === 1 && !isAlike)) continue;
    candidates.add(number.slice(0, at) + heard + number.slice(at + heard.length));
  }
  const [only, ...others] = candidates;
  return others.length === 0 ? only : undefined;
}
