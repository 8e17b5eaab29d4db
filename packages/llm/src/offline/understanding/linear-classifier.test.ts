import { expect, test } from 'vitest';
import { features } from './features.ts';
import { LinearClassifier } from './linear-classifier.ts';

const sentences = [
  { text: 'where is my parcel', label: 0 },
  { text: 'has the parcel been sent', label: 0 },
  { text: 'please send me an invoice', label: 1 },
  { text: 'the invoice is lost', label: 1 },
  { text: 'what is the opening time', label: 2 },
];
const classifier = new LinearClassifier(sentences, 3);
const best = (text: string): number => {
  const likely = classifier.classify(text);
  return likely.indexOf(Math.max(...likely));
};

test('sentences that it has not seen go where their words went', () => {
  expect(best('my parcel is not here')).toBe(0);
  expect(best('i want the invoice')).toBe(1);
  expect(best('is it opening soon')).toBe(2);
});

test('the sounds of a word count when a recogniser has cut it in two', () => {
  expect(best('in voice')).toBe(1);
});

test('the answers are likelihoods, the same ones each time', () => {
  const likely = classifier.classify('where is it');
  expect([...likely].reduce((sum, value) => sum + value)).toBeCloseTo(1);
  expect(new LinearClassifier(sentences, 3).classify('where is it')).toEqual(likely);
});

test('what has no known feature speaks for nothing', () => {
  const likely = classifier.classify('zzz');
  expect(Math.max(...likely) - Math.min(...likely)).toBeLessThan(1e-9);
});

test('features are words, neighbours and sounds, each once', () => {
  expect(features('lost lost')).toEqual([
    'w lost',
    'p < lost',
    'p lost lost',
    'p lost >',
    's lstl',
    's stls',
    's tlst',
  ]);
});
