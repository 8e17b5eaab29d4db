import { expect, it } from 'vitest';
import { providerError, quoteService, faultOf } from '../errors/provider-error.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { defaultRetryOptions, retryDelayMs } from './retry-delay.ts';

const error = (fault: 'overloaded' | 'late' | 'key' | 'rate-limit', retryAfterMs?: number) =>
  providerError({ provider: 'p', fault, message: 'x', retryAfterMs });
const withRandom = (random: number) => ({
  ...defaultRetryOptions,
  maxAttempts: 4,
  random: () => random,
});

it('waits longer each time, half of it by chance', () => {
  expect(
    [1, 2, 3].map((attempt) => retryDelayMs(error('overloaded'), attempt, withRandom(0))),
  ).toEqual([50, 100, 200]);
  expect(retryDelayMs(error('overloaded'), 1, withRandom(1))).toBe(100);
});

it('asks the same provider only where that can help, and in time', () => {
  expect(retryDelayMs(error('key'), 1)).toBeNull();
  expect(retryDelayMs(error('late'), 1)).toBeNull();
  expect(retryDelayMs(error('overloaded'), 2)).toBeNull();
  expect(retryDelayMs(error('rate-limit', 300), 1)).toBe(300);
  expect(retryDelayMs(error('rate-limit', 5_000), 1)).toBeNull();
});

it('takes errors of others for what they are like', () => {
  expect(faultOf(new VoicebusError('deadline', 'x'))).toBe('late');
  expect(faultOf(new VoicebusError('provider-failed', 'x'))).toBe('garbled');
});

it('quotes a service without keys, on one line', () => {
  const said =
    'Incorrect API key provided: sk-ab***********yz.\nKey secret-1 and sk-proj-abcdefgh1234 are void.';
  expect(quoteService(said, ['secret-1', null])).toBe(
    'Incorrect API key provided: …. Key … and … are void.',
  );
  expect(quoteService('x'.repeat(1_000), [])).toHaveLength(301);
});
