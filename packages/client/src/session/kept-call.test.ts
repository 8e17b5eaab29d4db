import { describe, expect, it } from 'vitest';
import { type CallStorage, forgetCall, keepCall, loadKeptCall } from './kept-call.ts';

function storage(first: Record<string, string> = {}): CallStorage & { readonly size: number } {
  const values = new Map(Object.entries(first));
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    get size() {
      return values.size;
    },
  };
}

const call = { sessionId: 's', connectUrl: 'ws://a/v1/connect', resumeToken: 'r', audio: true };

describe('a kept call', () => {
  it('is found again as long as the server waits for the caller, and no longer', () => {
    const tab = storage();
    keepCall(tab, call, 1_000);
    expect(loadKeptCall(tab, 30_999)).toEqual({ ...call, untilWallMs: 31_000 });
    expect(loadKeptCall(tab, 31_000)).toBeNull();
  });

  it('is gone once it is forgotten', () => {
    const tab = storage();
    keepCall(tab, call, 1_000);
    forgetCall(tab);
    expect(tab.size).toBe(0);
    expect(loadKeptCall(tab, 1_001)).toBeNull();
  });

  it.each([
    ['nothing', null],
    ['no JSON', '{'],
    ['another form', '{"sessionId":"s"}'],
    ['a number', '4'],
  ])('is not read from %s', (_, text) => {
    const tab = storage(text === null ? {} : { 'voicebus.call': text });
    expect(loadKeptCall(tab, 0)).toBeNull();
  });

  it('does not need a storage that works', () => {
    const broken: CallStorage = {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      },
      removeItem: () => {
        throw new Error('forbidden');
      },
    };
    expect(keepCall(broken, call, 0)).toMatchObject({ untilWallMs: 30_000 });
    expect(loadKeptCall(broken, 0)).toBeNull();
    expect(() => forgetCall(broken)).not.toThrow();
    expect(loadKeptCall(null, 0)).toBeNull();
  });
});
