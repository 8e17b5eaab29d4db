import { providerError } from '@voicebus/core';
import { expect, it } from 'vitest';
import { circuitReport } from './circuit-report.ts';
import { noMeter } from './providers/provider-meter.ts';
import { reportTo } from './report.ts';

const error = (message: string) => providerError({ provider: 'openai', fault: 'key', message });

it('says once what is wrong, and once that it is well again', () => {
  const lines: string[] = [];
  const states: string[] = [];
  const report = circuitReport(
    'llm',
    (what, thrown) => lines.push(thrown instanceof Error ? `${what}: ${thrown.message}` : what),
    { ...noMeter, circuit: (who, state) => states.push(`${who.part} ${who.provider} ${state}`) },
  );
  const provider = 'openai';
  report({ provider, circuit: 'open', error: error('No key.') });
  report({ provider, circuit: 'half-open', error: null });
  report({ provider, circuit: 'open', error: error('No key.') });
  report({ provider, circuit: 'open', error: error('No money.') });
  report({ provider, circuit: 'closed', error: null });
  report({ provider, circuit: 'closed', error: null });
  expect(lines).toEqual([
    'the language model openai does not work: the next choice takes its place: No key.',
    'the language model openai does not work: the next choice takes its place: No money.',
    'the language model openai works again',
  ]);
  expect(states).toEqual(
    ['open', 'half-open', 'open', 'open', 'closed', 'closed'].map((state) => `llm openai ${state}`),
  );
});

it('says it each time, however soon: the last line is how it is', () => {
  const lines: string[] = [];
  const warn = (_fields: object, what: string): void => void lines.push(what);
  const report = circuitReport('llm', reportTo({ warn } as never), noMeter);
  const provider = 'openai';
  for (let time = 0; time < 2; time += 1) {
    report({ provider, circuit: 'open', error: error('No key.') });
    report({ provider, circuit: 'closed', error: null });
  }
  const gone = 'the language model openai does not work: the next choice takes its place';
  const back = 'the language model openai works again';
  expect(lines).toEqual([gone, back, gone, back]);
});
