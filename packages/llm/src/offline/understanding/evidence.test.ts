import { expect, test } from 'vitest';
import type { Intent } from '../intents/intent.ts';
import { noEvidence, reject, remember, weighEvidence } from './evidence.ts';

const intent = (name: string): Intent => ({ name, summary: name, examples: [], isSupport: true });
const [refund, invoice, warranty] = ['refund', 'invoice', 'warranty'].map(intent) as [
  Intent,
  Intent,
  Intent,
];
const names = (scored: readonly { readonly intent: Intent }[]): string[] =>
  scored.map((each) => each.intent.name);

test('what two sentences speak for a little is better than what one speaks for alone', () => {
  const first = [
    { intent: refund, score: 0.4 },
    { intent: invoice, score: 0.35 },
  ];
  const second = [
    { intent: warranty, score: 0.4 },
    { intent: invoice, score: 0.35 },
  ];
  const evidence = remember(first, noEvidence);
  expect(names(weighEvidence(first, noEvidence))).toEqual(['refund', 'invoice']);
  expect(names(weighEvidence(second, evidence))[0]).toBe('invoice');
});

test('what was answered with a no comes after what was not', () => {
  const scored = [
    { intent: refund, score: 0.6 },
    { intent: invoice, score: 0.3 },
  ];
  const evidence = reject(refund, remember(scored, noEvidence));
  expect(names(weighEvidence(scored, evidence))).toEqual(['invoice', 'refund']);
});

test('nothing is surer than sure', () => {
  const scored = [{ intent: refund, score: 1 }];
  expect(weighEvidence(scored, remember(scored, noEvidence))).toEqual(scored);
});
