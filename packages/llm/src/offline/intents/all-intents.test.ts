import { expect, test } from 'vitest';
import { flowOf } from '../dialogue/flows.ts';
import { IntentClassifier } from '../understanding/intent-classifier.ts';
import { allIntents } from './all-intents.ts';
import { exampleSentences } from './example-sentences.ts';
import { callerSummary, expandTemplate } from './intent.ts';
import { slots } from './slots.ts';

const classifier = new IntentClassifier(allIntents);

test('names and summaries are unique, and support knows what to do about each of its intents', () => {
  expect(new Set(allIntents.map(({ name }) => name)).size).toBe(allIntents.length);
  expect(new Set(allIntents.map(({ summary }) => summary)).size).toBe(allIntents.length);
  const support = allIntents.filter(({ isSupport }) => isSupport);
  expect(support.length).toBeGreaterThanOrEqual(25);
  for (const { name } of support) expect(flowOf(name), name).toBeDefined();
});

test('templates expand to every alternative', () => {
  expect(expandTemplate('(a|b|) c (d|e)')).toEqual([
    'a c d',
    'a c e',
    'b c d',
    'b c e',
    'c d',
    'c e',
  ]);
});

test('a summary is told to a colleague in the third person', () => {
  const summaries = allIntents.map((intent) => callerSummary(intent));
  expect(summaries).toContain('wants to cancel an order');
  expect(summaries).toContain('received the wrong item');
  expect(summaries).toContain('needs an invoice');
  expect(summaries).toContain('has a device that does not work');
  expect(summaries).toContain('is locked out of their account');
});

test('every slot is filled, with other words in other sentences', () => {
  const sentences = allIntents.flatMap((intent) => exampleSentences(intent, 24));
  expect(sentences.filter((sentence) => /[{}()|]/.test(sentence))).toEqual([]);
  for (const word of Object.values(slots).flat())
    expect(
      sentences.some((sentence) => sentence.includes(word)),
      word,
    ).toBe(true);
});

test('of a template with many alternatives only a few are taken', () => {
  const intent = {
    name: 'x',
    summary: 'x',
    isSupport: true,
    examples: ['(a|b|c|d) (e|f|g|h)', 'i'],
  };
  expect(exampleSentences(intent, 4)).toEqual(['a g', 'b g', 'c g', 'd g', 'i']);
});

test('its own examples are understood', () => {
  let right = 0;
  let total = 0;
  for (const intent of allIntents) {
    for (const sentence of exampleSentences(intent, 1)) {
      total += 1;
      if (classifier.classify(sentence)[0]?.intent === intent) right += 1;
    }
  }
  expect(right / total).toBeGreaterThan(0.95);
});

test('words that a recogniser half understood still count', () => {
  const best = (text: string) => classifier.classify(text)[0]?.intent.name;
  expect(best('i forgot my passwort')).toBe('password-reset');
  expect(best('can i see your privasy policy')).toBe('privacy');
});
