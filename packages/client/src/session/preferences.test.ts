import { describe, expect, it } from 'vitest';
import { backOffMs } from './back-off.ts';
import { loadPreferences, savePreferences } from './preferences.ts';
import { gateOf } from './voice-snapshot.ts';

function memory(initial?: string) {
  let stored = initial ?? null;
  return {
    getItem: () => stored,
    setItem: (_key: string, value: string) => {
      stored = value;
    },
  };
}

describe('preferences', () => {
  it('come back as they were saved', () => {
    const storage = memory();
    const chosen = { muted: true, pushToTalk: true, microphoneId: 'm', speakerId: null };
    savePreferences(storage, chosen);
    expect(loadPreferences(storage)).toEqual(chosen);
  });

  it.each([['no json'], ['null'], ['"text"'], ['{"muted":"yes","microphoneId":3}']])(
    'are the defaults for %s',
    (stored) => {
      expect(loadPreferences(memory(stored))).toMatchObject({ muted: false, microphoneId: null });
    },
  );

  it('are the defaults where nothing can be stored', () => {
    expect(loadPreferences(null)).toMatchObject({ muted: false });
  });
});

describe('what the microphone lets through', () => {
  it.each([
    [{ muted: false, pushToTalk: false, pressed: false }, 'open'],
    [{ muted: true, pushToTalk: false, pressed: false }, 'muted'],
    [{ muted: true, pushToTalk: true, pressed: true }, 'muted'],
    [{ muted: false, pushToTalk: true, pressed: false }, 'held'],
    [{ muted: false, pushToTalk: true, pressed: true }, 'open'],
  ] as const)('%o is %s', (snapshot, gate) => {
    expect(gateOf(snapshot)).toBe(gate);
  });
});

describe('the pauses before trying again', () => {
  it('grow to 4 s and differ from caller to caller', () => {
    expect([0, 1, 2, 3, 4, 9].map((attempt) => backOffMs(attempt, () => 0))).toEqual([
      250, 500, 1000, 2000, 4000, 4000,
    ]);
    expect(backOffMs(0, () => 1)).toBe(375);
  });
});
