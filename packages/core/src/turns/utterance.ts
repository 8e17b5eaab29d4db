import type { FrameFieldsByKind } from '../frames/frame.ts';
import { endpointMs } from './endpointing.ts';
import { detectSpeech, silent, type SpeechState, type VadWindow } from './speech-detector.ts';
import type { TurnOptions } from './turn-options.ts';

/**
 * - `idle`: nobody speaks
 * - `speaking`: an utterance runs
 * - `transcribing`: speech is over; its final transcript is awaited until `deadlineMs`
 */
export type UtteranceState =
  | { readonly type: 'idle'; readonly speech: SpeechState }
  | {
      readonly type: 'speaking';
      readonly utteranceId: string;
      readonly speech: Extract<SpeechState, { type: 'speaking' }>;
      readonly partial: string;
      /** The recogniser has heard a turn begin, and will say when it is over. */
      readonly isJudged: boolean;
    }
  | {
      readonly type: 'transcribing';
      readonly utteranceId: string;
      readonly endMs: number;
      readonly deadlineMs: number;
      readonly partial: string;
      readonly speech: SpeechState;
    };

export type UtteranceRuling =
  | { readonly type: 'started'; readonly utteranceId: string; readonly startMs: number }
  | {
      readonly type: 'speech-ended';
      readonly utteranceId: string;
      readonly endMs: number;
      readonly ruledMs: number;
    }
  | { readonly type: 'transcribed'; readonly utteranceId: string; readonly text: string };

export interface UtteranceStep {
  readonly state: UtteranceState;
  readonly rulings: readonly UtteranceRuling[];
}

export const idle: UtteranceState = { type: 'idle', speech: silent };

/** One more VAD window. `newId` names an utterance that starts with it. */
export function onWindow(
  state: UtteranceState,
  window: VadWindow,
  { options, newId }: { readonly options: TurnOptions; readonly newId: () => string },
): UtteranceStep {
  const speech = detectSpeech(state.speech, window, options);
  if (state.type !== 'speaking') {
    if (speech.type === 'silent') return { state: { ...state, speech }, rulings: [] };
    const utteranceId = newId();
    const started = { type: 'started', utteranceId, startMs: speech.startMs } as const;
    // Whoever goes on speaking before the transcript is there: the best partial counts.
    const before = state.type === 'transcribing' ? [transcribed(state, state.partial)] : [];
    return {
      state: { type: 'speaking', utteranceId, speech, partial: '', isJudged: false },
      rulings: [...before, started],
    };
  }
  if (speech.type !== 'speaking') return { state, rulings: [] };
  const silenceMs = window.atMs - speech.lastSpeechMs;
  const tooLong = window.atMs - speech.startMs >= options.longestUtteranceMs;
  // An endpoint of 0 takes the first silence, not the first speech.
  const isOver = silenceMs > 0 && silenceMs >= endpointMs(state.partial, options, state.isJudged);
  if (!isOver && !tooLong) return { state: { ...state, speech }, rulings: [] };
  return endSpeech({ ...state, speech }, window.atMs, options);
}

/** Speech is over at `ruledMs`: by silence, by a gap in the audio, or because the provider said so. */
export function endSpeech(
  state: UtteranceState,
  ruledMs: number,
  options: TurnOptions,
): UtteranceStep {
  if (state.type !== 'speaking') return { state, rulings: [] };
  const { utteranceId, speech, partial } = state;
  const next: UtteranceState = {
    type: 'transcribing',
    utteranceId,
    partial,
    speech: silent,
    endMs: speech.lastSpeechMs,
    deadlineMs: ruledMs + options.finalTranscriptMs,
  };
  return {
    state: next,
    rulings: [{ type: 'speech-ended', utteranceId, endMs: speech.lastSpeechMs, ruledMs }],
  };
}

export function onInterim(
  state: UtteranceState,
  utteranceId: string,
  text: string,
): UtteranceState {
  if (state.type === 'idle' || state.utteranceId !== utteranceId) return state;
  return { ...state, partial: text };
}

/**
 * The recogniser's word on the turn goes before the silence rule: it knows what was said and how, and ends a
 * turn sooner than silence would, or waits where somebody only thinks.
 */
export function onJudgement(
  state: UtteranceState,
  { utteranceId, judgement, text }: FrameFieldsByKind['turn-judged'],
  { atMs, options }: { readonly atMs: number; readonly options: TurnOptions },
): UtteranceStep {
  if (state.type !== 'speaking' || state.utteranceId !== utteranceId) return { state, rulings: [] };
  const judged = { ...state, partial: text, isJudged: true };
  if (judgement === 'end-of-turn') return endSpeech(judged, atMs, options);
  return { state: judged, rulings: [] };
}

/** A late or foreign final rules nothing. */
export function onFinal(state: UtteranceState, utteranceId: string, text: string): UtteranceStep {
  if (state.type !== 'transcribing' || state.utteranceId !== utteranceId)
    return { state, rulings: [] };
  return { state: { type: 'idle', speech: state.speech }, rulings: [transcribed(state, text)] };
}

/** The final did not come in time: the best partial counts. */
export function onTranscriptDeadline(state: UtteranceState): UtteranceStep {
  if (state.type !== 'transcribing') return { state, rulings: [] };
  return {
    state: { type: 'idle', speech: state.speech },
    rulings: [transcribed(state, state.partial)],
  };
}

function transcribed(
  state: Extract<UtteranceState, { type: 'transcribing' }>,
  text: string,
): UtteranceRuling {
  return { type: 'transcribed', utteranceId: state.utteranceId, text: text.trim() };
}
