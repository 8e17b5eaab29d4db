import { providerError } from '@voicebus/core';
import { expect, it } from 'vitest';
import { circuitReport } from './circuit-report.ts';
import { noMeter } from './providers/provider-meter.ts';

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
