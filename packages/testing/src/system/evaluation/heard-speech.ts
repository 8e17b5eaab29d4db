import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TranscriptionResult, TranscriptionStream } from '@voicebus/core';
import type { OfflineRecogniser } from '@voicebus/speech/offline-recogniser';
import { join as joinSounds } from '../sound/sounds.ts';
import { speak, type TestVoice } from '../voices/test-voices.ts';
import { RoomNoise } from './room-noise.ts';
import { throughOpus } from './through-opus.ts';

export interface HeardSpeechOptions {
  readonly voice: TestVoice;
  readonly noiseDb: number | undefined;
  readonly recogniser: OfflineRecogniser;
  /** Where sounds and what was heard of them are kept between runs. */
  readonly folder: string;
  /** Changes with everything that what is heard depends on beside the sound. */
  readonly recogniserKey: string;
}

/** 300 ms and 500 ms at 16 kHz: what a stream adds before speech, and what endpointing waits after it. */
const quietLeadSamples = 4_800;
const tailSamples = 8_000;
/** 1.5 s: while the bot speaks the room is heard alone, and its noise is learned. */
const noisyLeadSamples = 24_000;

/**
 * What the recogniser understands of one caller's sentences, as fast as it can. It adapts to a voice, so that
 * what it understands depends on what it has heard in this call; a call that went the same way before is
 * read from the folder.
 */
export class HeardSpeech {
  readonly #options: HeardSpeechOptions;
  readonly #abort = new AbortController();
  #said: readonly string[] = [];
  /** Sentences that the stream has had. */
  #streamed = 0;
  #stream: TranscriptionStream | undefined;
  #onResult: (result: TranscriptionResult) => void = () => {};
  #onError: (error: Error) => void = () => {};

  constructor(options: HeardSpeechOptions) {
    this.#options = options;
  }

  async hear(text: string): Promise<string> {
    const { voice, noiseDb, folder, recogniserKey } = this.#options;
    this.#said = [...this.#said, text];
    const key = [recogniserKey, voice.name, String(noiseDb), ...this.#said];
    const file = join(folder, `${hashOf(key)}.txt`);
    const known = await readFile(file, 'utf8').catch(() => undefined);
    if (known !== undefined) return known;
    let heard = '';
    for (; this.#streamed < this.#said.length; this.#streamed += 1)
      heard = await this.#recognise(this.#said[this.#streamed] ?? '');
    await writeFile(file, heard);
    return heard;
  }

  close(): void {
    this.#abort.abort();
  }

  get #leadSamples(): number {
    return this.#options.noiseDb === undefined ? quietLeadSamples : noisyLeadSamples;
  }

  async #recognise(text: string): Promise<string> {
    const pcm = await this.#sound(text);
    const lead = this.#leadSamples;
    this.#stream ??= await this.#options.recogniser.open({
      sessionId: this.#options.voice.name,
      onResult: (result) => this.#onResult(result),
      onError: (error) => this.#onError(error),
      signal: this.#abort.signal,
    });
    const stream = this.#stream;
    const id = String(this.#streamed);
    return new Promise((resolve, reject) => {
      this.#onError = reject;
      this.#onResult = (result) => {
        if (result.type === 'final' && result.utteranceId === id) resolve(result.text);
      };
      stream.write(pcm.subarray(0, lead));
      stream.startUtterance(id);
      stream.write(pcm.subarray(lead));
      stream.endUtterance(id);
    });
  }

  /** As it comes out of the transport: with its silence, in the room's noise, and through the codec. */
  async #sound(text: string): Promise<Int16Array> {
    const { voice, noiseDb, folder } = this.#options;
    const lead = this.#leadSamples;
    const key = ['sound', voice.name, String(noiseDb), String(lead), text];
    const file = join(folder, `${hashOf(key)}.pcm`);
    const known = await readFile(file).catch(() => undefined);
    if (known !== undefined) return new Int16Array(new Uint8Array(known).buffer);
    const said = await speak(voice, text);
    const whole = joinSounds(new Int16Array(lead), said, new Int16Array(tailSamples));
    const room = noiseDb === undefined ? whole : new RoomNoise(said, noiseDb).with(whole);
    const pcm = await throughOpus(room);
    await mkdir(folder, { recursive: true });
    await writeFile(file, pcm);
    return pcm;
  }
}

function hashOf(parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 24);
}
