import { FakeClock } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { providerError, type ProviderFault } from '../errors/provider-error.ts';
import { ProviderChain, type CircuitChange } from './provider-chain.ts';

const named = (name: string, disposed: string[] = []) => ({
  name,
  [Symbol.asyncDispose]: () => {
    disposed.push(name);
    return name === 'first' ? Promise.reject(new Error('gone')) : Promise.resolve();
  },
});
const error = (fault: ProviderFault, retryAfterMs?: number) =>
  providerError({ provider: 'first', fault, message: fault, retryAfterMs });

function chainOfTwo() {
  const clock = new FakeClock();
  const changes: CircuitChange[] = [];
  const [first, second] = [named('first'), named('second')] as const;
  const chain = new ProviderChain({
    clock,
    providers: [first, second],
    onChange: (change) => changes.push(change),
  });
  return { clock, chain, changes, first, second };
}

describe('a chain of providers', () => {
  it('leaves the first choice alone after two failures, and returns to it when it is well', async () => {
    const { clock, chain, changes, first, second } = chainOfTwo();
    chain.attempt(first).failed(error('network'));
    expect(chain.candidates()).toEqual([first, second]);
    chain.attempt(first).failed(error('network'));
    expect(chain.candidates()).toEqual([second]);
    expect(chain.better(second)).toBeNull();
    await clock.advance(5_000);
    expect(chain.better(second)).toBe(first);
    const trial = chain.attempt(first);
    expect(chain.candidates()).toEqual([second]);
    trial.succeeded();
    expect(chain.candidates()).toEqual([first, second]);
    expect(changes.map(({ provider, circuit }) => `${provider} ${circuit}`)).toEqual([
      'first open',
      'first half-open',
      'first closed',
    ]);
    expect(changes[0]?.error?.message).toBe('network');
  });

  it.each(['request', 'filtered', 'too-long'] as const)(
    'does not blame a provider for a request that is %s',
    (fault) => {
      const { chain, first, second } = chainOfTwo();
      for (let count = 0; count < 3; count += 1) chain.attempt(first).failed(error(fault));
      expect(chain.candidates()).toEqual([first, second]);
    },
  );

  it.each(['key', 'quota', 'setting'] as const)(
    'asks nobody twice whose %s is refused',
    (fault) => {
      const { chain, changes, first, second } = chainOfTwo();
      chain.attempt(first).failed(error(fault));
      expect(chain.candidates()).toEqual([second]);
      expect(changes).toHaveLength(1);
    },
  );

  it('asks all of them when nobody is well', () => {
    const { chain, first, second } = chainOfTwo();
    for (const provider of [first, second]) chain.attempt(provider).failed(error('key'));
    expect(chain.candidates()).toEqual([first, second]);
  });

  it('hears the first word about a request only', () => {
    const { chain, changes, first } = chainOfTwo();
    const attempt = chain.attempt(first);
    attempt.succeeded();
    attempt.failed(error('key'));
    attempt.abandoned();
    expect(changes).toEqual([]);
  });

  it('disposes of all, also where one cannot be', async () => {
    const disposed: string[] = [];
    const chain = new ProviderChain({
      clock: new FakeClock(),
      providers: [named('first', disposed), named('second', disposed)],
    });
    await chain[Symbol.asyncDispose]();
    expect(disposed).toEqual(['first', 'second']);
  });
});
