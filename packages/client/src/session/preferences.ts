/** What outlives a call on this device. */
export interface Preferences {
  readonly muted: boolean;
  readonly pushToTalk: boolean;
  readonly microphoneId: string | null;
  readonly speakerId: string | null;
}

const storageKey = 'voicebus.preferences';
export const defaultPreferences: Preferences = {
  muted: false,
  pushToTalk: false,
  microphoneId: null,
  speakerId: null,
};

type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'>;

export function loadPreferences(storage: PreferenceStorage | null): Preferences {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(storageKey) ?? 'null');
    if (typeof stored !== 'object' || stored === null) return defaultPreferences;
    const text = (key: string) => {
      const value: unknown = Reflect.get(stored, key);
      return typeof value === 'string' ? value : null;
    };
    return {
      muted: Reflect.get(stored, 'muted') === true,
      pushToTalk: Reflect.get(stored, 'pushToTalk') === true,
      microphoneId: text('microphoneId'),
      speakerId: text('speakerId'),
    };
  } catch {
    return defaultPreferences;
  }
}

/** Storage may be full or forbidden: the call does not depend on it. */
export function savePreferences(storage: PreferenceStorage | null, preferences: Preferences): void {
  try {
    storage?.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // Nothing to do: the choice holds for this page.
  }
}
