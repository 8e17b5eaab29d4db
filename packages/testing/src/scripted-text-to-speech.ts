import type { Clock, SpeakOptions, SpeechPart, TextToSpeech } from '@voicebus/core';
import { readUntilAborted, systemClock, VoicebusError } from '@voicebus/core';
import { clockDelay, untilAborted } from './clock-delay.ts';

export interface ScriptedTextToSpeechOptions {
  readonly clock?: Clock;
  /** Each voice is a sine of its own, in Hz. Default: bright 440, deep 220. */
  readonly voices?: Readonly<Record<string, number>>;
  readonly sampleRateHz?: number;
  /** Exact length of the audio, per character including spaces. Default 50: about a person's pace. */
  readonly msPerCharacter?: number;
  /** Before the first audio of each message, on the clock. Default 0. */
  readonly firstAudioDelayMs?: number;
  /**
   * What goes wrong, asked once per message: an error is thrown, "stall" never yields anything; or the error
   * is thrown after so many words.
   */
  readonly fault?: (
    options: SpeakOptions,
  ) => Error | 'stall' | { readonly afterWords: number; readonly error: Error } | undefined;
}

/** A voice of exact length: every word is one piece of tone and one mark. */
export class ScriptedTextToSpeech implements TextToSpeech {
  readonly name = 'scripted';
  readonly voices: readonly string[];
  /** Everything that was asked for, in order, as far as it was spoken. */
  readonly spoken: { sessionId: string; voice: string; text: string }[] = [];
  readonly #tones: Readonly<Record<string, number>>;
  readonly #options: ScriptedTextToSpeechOptions;

  constructor(options: ScriptedTextToSpeechOptions = {}) {
    this.#options = options;
    this.#tones = options.voices ?? { bright: 440, deep: 220 };
    this.voices = Object.keys(this.#tones);
  }

  async *speak(options: SpeakOptions): AsyncIterable<SpeechPart> {
    const toneHz = this.#tones[options.voice];
    if (toneHz === undefined) {
      throw new VoicebusError('invalid-arguments', `no voice "${options.voice}"`, {
        data: { voice: options.voice },
      });
    }
    const { clock = systemClock, firstAudioDelayMs = 0, msPerCharacter = 50 } = this.#options;
    const { sampleRateHz = 16_000 } = this.#options;
    const fault = this.#options.fault?.(options);
    if (fault instanceof Error) throw fault;
    if (fault === 'stall') await untilAborted(options.signal);
    if (!(await clockDelay(clock, firstAudioDelayMs, options.signal))) return;

    const log = { sessionId: options.sessionId, voice: options.voice, text: '' };
    this.spoken.push(log);
    let characters = 0;
    let spokenWords = 0;
    for await (const word of words(options.text, options.signal)) {
      if (typeof fault === 'object' && spokenWords === fault.afterWords) throw fault.error;
      spokenWords += 1;
      if (options.signal.aborted) return;
      const samples = Math.round((word.length * msPerCharacter * sampleRateHz) / 1000);
      yield { type: 'audio', pcm: tone({ toneHz, samples, sampleRateHz }), sampleRateHz };
      characters += word.length;
      log.text += word;
      if (options.signal.aborted) return;
      yield { type: 'mark', characters };
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** Words with the white space that follows them, as soon as they are complete. */
async function* words(text: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<string> {
  let rest = '';
  for await (const piece of readUntilAborted(text, signal)) {
    rest += piece ?? '';
    for (let match = /^\s*\S+\s+(?=\S)/.exec(rest); match; match = /^\s*\S+\s+(?=\S)/.exec(rest)) {
      yield match[0];
      rest = rest.slice(match[0].length);
    }
  }
  if (rest !== '' && !signal.aborted) yield rest;
}

/** The same words come again and again in long runs; a sine is slow to make. */
const tones = new Map<string, Int16Array>();
const maxTones = 2_000;

function tone({
  toneHz,
  samples,
  sampleRateHz,
}: {
  toneHz: number;
  samples: number;
  sampleRateHz: number;
}): Int16Array {
  const key = `${toneHz} ${samples} ${sampleRateHz}`;
  const known = tones.get(key);
  if (known) return known;
  const step = (2 * Math.PI * toneHz) / sampleRateHz;
  const pcm = new Int16Array(samples);
  for (let index = 0; index < samples; index += 1) pcm[index] = 8000 * Math.sin(step * index);
  if (tones.size < maxTones) tones.set(key, pcm);
  return pcm;
}
