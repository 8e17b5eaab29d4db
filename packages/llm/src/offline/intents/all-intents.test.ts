import { expect, test } from 'vitest';
import { flowOf } from '../dialogue/flows.ts';
import { IntentClassifier } from '../understanding/intent-classifier.ts';
import { allIntents } from './all-intents.ts';
import { callerSummary, expandTemplate } from './intent.ts';

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
  expect(summaries).toContain('has a device that does not work');
  expect(summaries).toContain('is locked out of their account');
});

test('its own examples are understood', () => {
  const classifier = new IntentClassifier(allIntents);
  let right = 0;
  let total = 0;
  for (const intent of allIntents) {
    for (const sentence of intent.examples.map((example) => expandTemplate(example)[0] ?? '')) {
      total += 1;
      if (classifier.classify(sentence)[0]?.intent === intent) right += 1;
    }
  }
  expect(right / total).toBeGreaterThan(0.95);
});

test('words that a recogniser half understood still count', () => {
  const classifier = new IntentClassifier(allIntents);
  const best = (text: string) => classifier.classify(text)[0]?.intent.name;
  expect(best('i forgot my passwort')).toBe('password-reset');
  expect(best('can i see your privasy policy')).toBe('privacy');
});
