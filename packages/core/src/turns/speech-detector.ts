import type { TurnOptions } from './turn-options.ts';

export interface VadWindow {
  /** 0 to 1. */
  readonly probability: number;
  /** Capture time of the window's end. */
  readonly atMs: number;
  readonly durationMs: number;
  /** The bot sounds, or did within `botTailMs`, and this may be its echo. */
  readonly overBot: boolean;
  /** The page's own detector heard speech here, too. A hint: it never opens a turn by itself. */
  readonly pageAgrees: boolean;
  /** Since the call began. */
  readonly callAgeMs: number;
}

/**
 * - `silent`: `loudSinceMs` is when the run of speech windows began that may become an onset
 * - `speaking`: since `startMs`; speech was last heard at `lastSpeechMs`
 *
 * `clearSinceMs` is when the first of them began that would be heard as speech over the bot: words may begin
 * with up to half a second of what is only perhaps speech.
 */
export type SpeechState =
  | {
      readonly type: 'silent';
      readonly loudSinceMs: number | null;
      readonly clearSinceMs: number | null;
    }
  | {
      readonly type: 'speaking';
      readonly startMs: number;
      readonly lastSpeechMs: number;
      readonly clearSinceMs: number | null;
    };

export const silent: SpeechState = { type: 'silent', loudSinceMs: null, clearSinceMs: null };

/** How long there has been speech that is beyond doubt, in milliseconds. */
export function clearSpeechMs(state: Extract<SpeechState, { type: 'speaking' }>): number {
  return state.clearSinceMs === null ? 0 : state.lastSpeechMs - state.clearSinceMs;
}

/** What one more window makes of it. Ending is not its business: that takes what was said into account. */
export function detectSpeech(
  state: SpeechState,
  window: VadWindow,
  options: TurnOptions,
): SpeechState {
  const beganMs = window.atMs - window.durationMs;
  const isClear = window.probability >= options.onsetProbabilityOverBot;
  const clearSinceMs = state.clearSinceMs ?? (isClear ? beganMs : null);
  if (state.type === 'speaking') {
    if (window.probability < options.silenceProbability) return state;
    return { ...state, lastSpeechMs: window.atMs, clearSinceMs };
  }
  const { probability, onsetMs } = onsetRule(window, options);
  if (window.probability < probability) return silent;
  const since = state.loudSinceMs ?? beganMs;
  if (window.atMs - since < onsetMs) return { type: 'silent', loudSinceMs: since, clearSinceMs };
  return { type: 'speaking', startMs: since, lastSpeechMs: window.atMs, clearSinceMs };
}

function onsetRule(
  window: VadWindow,
  options: TurnOptions,
): { probability: number; onsetMs: number } {
  if (window.overBot)
    return { probability: options.onsetProbabilityOverBot, onsetMs: options.onsetOverBotMs };
  if (window.callAgeMs < options.settlingMs) {
    return { probability: options.onsetProbabilitySettling, onsetMs: options.onsetOverBotMs };
  }
  const onsetMs = window.pageAgrees ? options.onsetAgreedMs : options.onsetMs;
  return { probability: options.speechProbability, onsetMs };
}
