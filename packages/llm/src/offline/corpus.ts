import { allIntents } from './intents/all-intents.ts';
import { exampleSentences } from './intents/example-sentences.ts';

const digits = 'zero one two three four five six seven eight nine'.split(' ');
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const openings = ['hello', 'hi', 'yes', 'okay', 'well', 'so', 'and', 'please'];
const answers = [
  'yes',
  'yes please',
  'no',
  'no thank you',
  'yes that is right',
  'that is right',
  'that is wrong',
  'no that is wrong',
  'correct',
  'sure',
  'no i said',
  'go ahead',
  'it is',
  'i do not know',
];

/** A recogniser that does not know how people show that they listen takes it for words: "uh huh" for "ahead". */
const backchannels = [
  'uh-huh',
  'huh',
  'mhm',
  'mm',
  'hm',
  'hmm',
  'aha',
  'ah',
  'oh',
  'yeah',
  'yep',
  'okay',
  'right',
];

/** Enough for each noun of a slot to be heard in many places. */
const sentencesPerTemplate = 24;

/**
 * Sentences that callers of the demo agents are likely to say, for a recogniser's language model:
 * lower-case words as people say them, numbers spelled out. The same ones at every call.
 */
export function dialogueSentences(): readonly string[] {
  const wishes = allIntents.flatMap((intent) => exampleSentences(intent, sentencesPerTemplate));
  const spoken = [...wishes, ...wishes.map(contract).filter((sentence) => sentence.includes("'"))];
  const opened = wishes.filter((_, index) => index % 3 === 0);
  return [
    ...spoken,
    ...opened.map((sentence, index) => `${openings[index % openings.length] ?? ''} ${sentence}`),
    ...repeated(answers, 8),
    // They are said more often than anything else. With a third of this, "uh huh" was "ahead" five times as often.
    ...repeated(backchannels, 100),
    ...numberSentences(),
  ].map((sentence) => sentence.replace(/\s+/g, ' ').trim());
}

function repeated(sentences: readonly string[], times: number): readonly string[] {
  return sentences.flatMap((sentence) => Array.from({ length: times }, () => sentence));
}

/** As people speak: "i'm", "don't". The decoder's dictionary has them as words. */
function contract(sentence: string): string {
  return sentence
    .replace(/\b(i) am\b/g, "i'm")
    .replace(/\b(do|does|did|is|was|has) not\b/g, "$1n't")
    .replace(/\bcannot\b|\bcan not\b/g, "can't")
    .replace(/\bwill not\b/g, "won't")
    .replace(/\b(what|that|it|where) is\b/g, "$1's")
    .replace(/\b(i|you) have\b/g, "$1've")
    .replace(/\bi would\b/g, "i'd");
}

/** A fifth of all: each call that is about an order has a number, and none without it succeeds. */
const digitSentences = 5000;

/** Every pair and most triples of digits, alone and in sentences. */
function numberSentences(): readonly string[] {
  const frames = [
    '',
    'it is',
    'order',
    'order number',
    'my order number is',
    'the number is',
    'no i said',
  ];
  const sentences: string[] = [];
  for (let index = 0; index < digitSentences; index += 1) {
    // A fixed walk over the numbers that visits all pairs evenly (7919 is prime).
    const number = String((index * 7919) % 10_000).padStart(4, '0');
    const words = [...number].map((digit) => digits[Number(digit)] ?? '');
    const frame = frames[index % frames.length] ?? '';
    sentences.push(`${frame} ${words.join(' ')}`);
    if (index % 4 === 0) {
      const pairs = [number.slice(0, 2), number.slice(2)].map(sayPair);
      sentences.push(`${frame} ${pairs.join(' ')}`);
    }
  }
  return sentences;
}

function sayPair(pair: string): string {
  const [ten = '0', one = '0'] = pair;
  if (Number(ten) < 2) return `${digits[Number(ten)] ?? ''} ${digits[Number(one)] ?? ''}`;
  const first = tens[Number(ten) - 2] ?? '';
  return one === '0' ? first : `${first} ${digits[Number(one)] ?? ''}`;
}
