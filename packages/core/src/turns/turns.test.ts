import { withoutEchoedWords } from './echoed-words.ts';
import { describe, expect, it } from 'vitest';
import { isBackchannel, takesTheTurn } from './backchannel.ts';
import { endpointMs } from './endpointing.ts';
import { defaultTurnOptions as options } from './turn-options.ts';
import {
  endSpeech,
  idle,
  onFinal,
  onInterim,
  onJudgement,
  onTranscriptDeadline,
  onWindow,
  type UtteranceState,
} from './utterance.ts';
import { ruleOnHold } from './verdict.ts';

const windowMs = 32;

/** Feeds one probability per window and gives every ruling, named by when it came. */
function feed(
  probabilities: readonly number[],
  {
    overBot = false,
    pageAgrees = false,
    callAgeMs = 10_000,
    from = idle,
    startMs = 0,
    turns = options,
  } = {},
): { state: UtteranceState; rulings: string[]; endMs: number } {
  let state = from;
  const rulings: string[] = [];
  let atMs = startMs;
  let id = 0;
  for (const probability of probabilities) {
    atMs += windowMs;
    const step = onWindow(
      state,
      { probability, atMs, durationMs: windowMs, overBot, pageAgrees, callAgeMs },
      { options: turns, newId: () => `u${(id += 1)}` },
    );
    state = step.state;
    for (const ruling of step.rulings) rulings.push(`${ruling.type}@${atMs}`);
  }
  return { state, rulings, endMs: atMs };
}

const times = (count: number, probability: number): number[] =>
  Array.from({ length: count }, () => probability);

describe('onset', () => {
  it('takes two windows above 0.5', () => {
    expect(feed([0.9, 0.1, 0.6, 0.6]).rulings).toEqual(['started@128']);
  });

  it('takes one where the page heard it, too, but never the page alone', () => {
    expect(feed([0.6], { pageAgrees: true }).rulings).toEqual(['started@32']);
    expect(feed([0.4, 0.4, 0.4], { pageAgrees: true }).rulings).toEqual([]);
    expect(feed([0.8, 0.8], { pageAgrees: true, overBot: true }).rulings).toEqual([]);
  });

  it('takes three windows above 0.75 over the bot', () => {
    expect(feed([0.7, 0.7, 0.7, 0.7], { overBot: true }).rulings).toEqual([]);
    expect(feed([0.8, 0.8, 0.8], { overBot: true }).rulings).toEqual(['started@96']);
  });

  it('is stricter in the first seconds of a call', () => {
    expect(feed([0.6, 0.6, 0.6, 0.6], { callAgeMs: 100 }).rulings).toEqual([]);
    expect(feed([0.8, 0.8, 0.8], { callAgeMs: 100 }).rulings).toEqual(['started@96']);
  });
});

describe('endpointing', () => {
  it('ends 500 ms after the last speech', () => {
    // Speech to 320 ms; the first window whose end is 500 ms later ends at 832 ms.
    expect(feed([...times(10, 0.9), ...times(20, 0.05)]).rulings).toEqual([
      'started@64',
      'speech-ended@832',
    ]);
  });

  it('of 0 ends with the first silence, not within the speech', () => {
    const turns = { ...options, endpointMs: 0 };
    const { rulings } = feed([...times(10, 0.9), 0.1], { turns });
    expect(rulings).toEqual(['started@64', 'speech-ended@352']);
  });

  it('waits for 900 ms after an unfinished phrase and 300 ms after a complete one', () => {
    expect(endpointMs('I want to return a', options)).toBe(900);
    expect(endpointMs('um', options)).toBe(900);
    expect(endpointMs('yes', options)).toBe(300);
    expect(endpointMs('Where is my order?', options)).toBe(300);
    expect(endpointMs('where is my order', options)).toBe(500);
    expect(endpointMs('', options)).toBe(500);
  });

  it('is shifted by an interim that arrives in the silence', () => {
    const speaking = feed([...times(10, 0.9), ...times(5, 0.05)]);
    const patient = onInterim(speaking.state, 'u1', 'I would like to');
    expect(feed(times(20, 0.05), { from: patient, startMs: speaking.endMs }).rulings).toEqual([]);
    expect(feed(times(30, 0.05), { from: patient, startMs: speaking.endMs }).rulings).toEqual([
      'speech-ended@1248',
    ]);
  });

  it('cuts an utterance that never ends', () => {
    const windows = Math.ceil(options.longestUtteranceMs / windowMs) + 2;
    expect(feed(times(windows, 0.9)).rulings[1]).toMatch(/^speech-ended/);
  });
});

describe('judgement', () => {
  const speaking = feed(times(10, 0.9));
  const judge = (judgement: 'turn-started' | 'end-of-turn', utteranceId = 'u1', from = speaking) =>
    onJudgement(
      from.state,
      { utteranceId, judgement, text: 'where is my order' },
      { atMs: from.endMs, options },
    );

  it('ends the turn with the words that it was made on', () => {
    const { state, rulings } = judge('end-of-turn');
    expect(rulings).toEqual([
      { type: 'speech-ended', utteranceId: 'u1', endMs: 320, ruledMs: speaking.endMs },
    ]);
    expect(state).toMatchObject({ type: 'transcribing', partial: 'where is my order' });
  });

  it('of another utterance, or of none, rules nothing', () => {
    expect(judge('end-of-turn', 'u2').rulings).toEqual([]);
    expect(judge('end-of-turn', 'u1', { state: idle, rulings: [], endMs: 0 }).state).toBe(idle);
  });

  it('puts the silence rule off', () => {
    const { state } = judge('turn-started');
    const silentMs = Math.ceil(options.endpointJudgedMs / windowMs);
    const from = { from: state, startMs: speaking.endMs };
    expect(feed(times(silentMs - 1, 0.05), from).rulings).toEqual([]);
    expect(feed(times(silentMs, 0.05), from).rulings).toHaveLength(1);
  });
});

describe('transcript', () => {
  const ended = feed([...times(10, 0.9), ...times(20, 0.05)]).state;

  it('is the final of this utterance', () => {
    expect(onFinal(ended, 'other', 'no').rulings).toEqual([]);
    const { state, rulings } = onFinal(ended, 'u1', ' where is my order ');
    expect(rulings).toEqual([
      { type: 'transcribed', utteranceId: 'u1', text: 'where is my order' },
    ]);
    expect(state.type).toBe('idle');
  });

  it('is the best partial when the final does not come in time', () => {
    const { rulings } = onTranscriptDeadline(onInterim(ended, 'u1', 'where is'));
    expect(rulings).toEqual([{ type: 'transcribed', utteranceId: 'u1', text: 'where is' }]);
    expect(onTranscriptDeadline(idle).rulings).toEqual([]);
  });

  it('is the best partial when the user goes on first', () => {
    const onward = feed([0.9, 0.9], { from: onInterim(ended, 'u1', 'one'), startMs: 2_000 });
    expect(onward.rulings).toEqual(['transcribed@2064', 'started@2064']);
  });

  it('follows an end that a gap in the audio ruled', () => {
    const speaking = feed(times(10, 0.9)).state;
    expect(endSpeech(speaking, 2_000, options).rulings).toEqual([
      { type: 'speech-ended', utteranceId: 'u1', endMs: 320, ruledMs: 2_000 },
    ]);
    expect(endSpeech(idle, 2_000, options).rulings).toEqual([]);
  });
});

describe('verdict', () => {
  const hold = { sinceMs: 0, holdId: null };
  const evidence = { nowMs: 100, speechMs: 100, isSpeaking: true, words: '' };

  it('waits for more than a guess at what was said', () => {
    expect(ruleOnHold(hold, { ...evidence, words: 'ahead', speechMs: 160 }, options)).toBe('wait');
  });

  it('interrupts for a word that is no backchannel, and for half a second of speech', () => {
    expect(ruleOnHold(hold, { ...evidence, words: 'stop', speechMs: 288 }, options)).toBe(
      'interrupt',
    );
    expect(ruleOnHold(hold, { ...evidence, speechMs: 512 }, options)).toBe('interrupt');
  });

  it('waits, then resumes', () => {
    expect(ruleOnHold(hold, { ...evidence, words: 'mm-hm' }, options)).toBe('wait');
    expect(ruleOnHold(hold, { ...evidence, nowMs: 800, words: 'mm-hm' }, options)).toBe('resume');
  });

  it("leaves out the bot's own words where its voice comes back", () => {
    const bot = 'Your order left our warehouse yesterday.';
    expect(withoutEchoedWords('order left our', bot)).toBe('');
    expect(withoutEchoedWords('Your order? No, wait!', bot)).toBe('no wait');
    expect(withoutEchoedWords('cancel it', '')).toBe('cancel it');
  });

  it('knows backchannels', () => {
    expect(isBackchannel('Mm-hm.')).toBe(true);
    expect(isBackchannel('yeah okay')).toBe(true);
    expect(isBackchannel('yeah but where')).toBe(false);
    expect(isBackchannel('')).toBe(false);
    expect(takesTheTurn('')).toBe(false);
    expect(takesTheTurn('no wait')).toBe(true);
  });
});
