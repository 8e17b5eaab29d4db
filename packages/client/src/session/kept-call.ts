import { resumeDeadlineMs } from './back-off.ts';

/** A call that a page may come back to after it was reloaded, or that another tab may take over. */
export interface KeptCall {
  readonly sessionId: string;
  readonly connectUrl: string;
  /** Good once: who uses it gets the next one, and whoever had it before is sent away. */
  readonly resumeToken: string;
  readonly audio: boolean;
  /** Wall time until which the server waits for the caller, milliseconds since the epoch. */
  readonly untilWallMs: number;
}

const storageKey = 'voicebus.call';

/** Of a tab's own storage: another tab has another. */
export type CallStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Null without one, and for one that the server no longer waits for. */
export function loadKeptCall(storage: CallStorage | null, nowWallMs: number): KeptCall | null {
  try {
    const stored: unknown = JSON.parse(storage?.getItem(storageKey) ?? 'null');
    const call = parseKeptCall(stored);
    return call !== null && call.untilWallMs > nowWallMs ? call : null;
  } catch {
    return null;
  }
}

/** Written while the page lives, so that the time runs from its last sign of life. */
export function keepCall(
  storage: CallStorage | null,
  call: Omit<KeptCall, 'untilWallMs'>,
  nowWallMs: number,
): KeptCall {
  const kept = { ...call, untilWallMs: nowWallMs + resumeDeadlineMs };
  try {
    storage?.setItem(storageKey, JSON.stringify(kept));
  } catch {
    // Storage may be full or forbidden: then a reload ends the call, as it would without us.
  }
  return kept;
}

export function forgetCall(storage: CallStorage | null): void {
  try {
    storage?.removeItem(storageKey);
  } catch {
    // What cannot be removed expires.
  }
}

/** What another page wrote or said may be of another version. */
export function parseKeptCall(value: unknown): KeptCall | null {
  if (typeof value !== 'object' || value === null) return null;
  const { sessionId, connectUrl, resumeToken, audio, untilWallMs } = value as Partial<KeptCall>;
  return typeof sessionId === 'string' &&
    typeof connectUrl === 'string' &&
    typeof resumeToken === 'string' &&
    typeof audio === 'boolean' &&
    typeof untilWallMs === 'number'
    ? { sessionId, connectUrl, resumeToken, audio, untilWallMs }
    : null;
}
