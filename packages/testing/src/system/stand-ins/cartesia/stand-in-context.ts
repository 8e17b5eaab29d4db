import { randomUUID } from 'node:crypto';
import type { WebsocketResponse } from '@cartesia/cartesia-js/resources/tts.js';
import type { Clock } from '@voicebus/core';
import { serviceErrors, type ContextFault, type FaultStage } from './cartesia-fault.ts';
import { voiceIdOf, type Generation } from './request.ts';
import { spokenTone, toneOfVoice, type ToneWord } from './spoken-tone.ts';

export interface ContextTiming {
  /** Exact length of the tone of a word, per character. */
  readonly msPerCharacter: number;
  /** Before the first message of each transcript, on the clock. */
  readonly firstByteMs: number;
  /** Documented: a context is over one second after its last sound. */
  readonly expiryMs: number;
  /** Whether the words' times come before the sound that they are of. */
  readonly timesComeFirst: boolean;
  /** Whether the words' times start at zero again after a flush; the documentation says nothing of it. */
  readonly timesRestartAtFlush: boolean;
  /** Whether there are word times at all: for some texts the service gives none. */
  readonly givesTimes: boolean;
}

export interface StandInContextOptions {
  readonly id: string;
  readonly clock: Clock;
  readonly timing: ContextTiming;
  readonly fault: { readonly stage: FaultStage; readonly fault: ContextFault } | undefined;
  /** Sends one message: an object as JSON, a string as it is. */
  readonly send: (message: WebsocketResponse | string) => void;
  readonly cut: () => void;
  readonly close: () => void;
  /** Done, failed, cancelled or expired. */
  readonly onOver: () => void;
  /** Says nothing more, by script. */
  readonly onStalled: () => void;
}

type Work =
  | { readonly type: 'speak'; readonly transcript: string; readonly request: Generation }
  | { readonly type: 'flush' };

/** Words whose times are told in one message. */
const wordsPerMessage = 3;
const chunkMs = 100;

/** One context of the service: speaks its transcripts in order, and ends once. */
export class StandInContext {
  readonly #options: StandInContextOptions;
  readonly #work: Work[] = [];
  /** Everything that it was given, as it would be spoken. */
  transcript = '';
  isCancelled = false;
  isStalled = false;
  /** It ended with an error or by a scripted fault: what is still sent to it is ignored. */
  isFailed = false;
  #buffered: { transcript: string; request: Generation } | undefined;
  #cancelTimer: () => void = () => {};
  #isRunning = false;
  #isEnding = false;
  #isOver = false;
  #flushId = 1;
  #atS = 0;
  #chunks = 0;

  constructor(options: StandInContextOptions) {
    this.#options = options;
  }

  take(request: Generation): void {
    if (this.#isOver || this.isStalled) return;
    this.#cancelTimer();
    this.transcript += request.transcript;
    const isNothing = !/[\p{L}\p{N}]/u.test(this.transcript);
    if (isNothing) {
      this.fail(400);
      return;
    }
    if (request.transcript !== '') {
      const transcript = (this.#buffered?.transcript ?? '') + request.transcript;
      this.#buffered = { transcript, request };
    }
    const delayMs = request.max_buffer_delay_ms ?? 3_000;
    const isFlush = request.flush === true;
    this.#isEnding = request.continue !== true && !isFlush;
    const isSentence = /[.!?]\s*$/.test(this.#buffered?.transcript ?? '');
    if (isFlush || this.#isEnding || delayMs === 0 || isSentence) this.#speakBuffered();
    else this.#cancelTimer = this.#options.clock.after(delayMs, () => this.#speakBuffered());
    if (isFlush) this.#work.push({ type: 'flush' });
    this.#run();
  }

  /** Documented: halts what has not begun; what is being generated is sent to its end. */
  cancel(): void {
    this.isCancelled = true;
    if (this.isStalled) {
      this.end();
      return;
    }
    this.#buffered = undefined;
    this.#work.length = 0;
    this.#isEnding = true;
    this.#run();
  }

  fail(status: number): void {
    const error = serviceErrors[status] ?? serviceErrors[500];
    if (!error || this.#isOver) return;
    this.isFailed = true;
    this.#options.send({
      type: 'error',
      done: true,
      status_code: status,
      ...error,
      request_id: randomUUID(),
      context_id: this.#options.id,
    } satisfies WebsocketResponse.Error);
    this.end();
  }

  /** Without a word more: its connection is gone, or it was over. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelTimer();
    this.#options.onOver();
  }

  #speakBuffered(): void {
    const buffered = this.#buffered;
    this.#buffered = undefined;
    if (buffered) this.#work.push({ type: 'speak', ...buffered });
    this.#run();
  }

  #run(): void {
    if (this.#isRunning || this.#isOver) return;
    this.#isRunning = true;
    void this.#drain().finally(() => (this.#isRunning = false));
  }

  async #drain(): Promise<void> {
    for (let work = this.#work.shift(); work; work = this.#work.shift()) {
      if (work.type === 'flush') this.#flushed();
      else await this.#speak(work);
      if (this.#isOver || this.isStalled) return;
    }
    await nextMessage();
    if (this.#work.length > 0) return this.#drain();
    if (this.#isOver) return;
    if (this.#isEnding) this.#done();
    else if (!this.#buffered)
      this.#cancelTimer = this.#options.clock.after(this.#options.timing.expiryMs, () =>
        this.#done(),
      );
  }

  async #speak({ transcript, request }: Extract<Work, { type: 'speak' }>): Promise<void> {
    const { clock, timing } = this.#options;
    if (timing.firstByteMs > 0)
      await new Promise<void>((resolve) => clock.after(timing.firstByteMs, resolve));
    if (this.#isOver || this.#fails('before', this.#chunks === 0)) return;
    const sampleRateHz = request.output_format.sample_rate;
    const words = spokenTone(transcript, {
      toneHz: toneOfVoice(voiceIdOf(request.voice)),
      sampleRateHz,
      msPerCharacter: timing.msPerCharacter,
      fromS: this.#atS,
    });
    for (let from = 0; from < words.length; from += wordsPerMessage) {
      const some = words.slice(from, from + wordsPerMessage);
      const tellTimes = (): void => {
        if (request.add_timestamps === true && timing.givesTimes) this.#times(some);
      };
      if (timing.timesComeFirst) tellTimes();
      await this.#sound(some, sampleRateHz);
      if (!timing.timesComeFirst) tellTimes();
      if (this.#isOver || this.#fails('middle', true)) return;
    }
  }

  #times(words: readonly ToneWord[]): void {
    this.#options.send({
      type: 'timestamps',
      done: false,
      status_code: 206,
      context_id: this.#options.id,
      flush_id: this.#flushId,
      word_timestamps: {
        words: words.map(({ text }) => text),
        start: words.map(({ startS }) => startS),
        end: words.map(({ endS }) => endS),
      },
    } satisfies WebsocketResponse.Timestamps);
  }

  async #sound(words: readonly ToneWord[], sampleRateHz: number): Promise<void> {
    const bytes = Buffer.concat(
      words.map(({ pcm }) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)),
    );
    const size = (sampleRateHz * 2 * chunkMs) / 1000;
    for (let at = 0; at < bytes.length && !this.#isOver; at += size) {
      this.#options.send({
        type: 'chunk',
        data: bytes.subarray(at, at + size).toString('base64'),
        done: false,
        status_code: 206,
        step_time: 5,
        context_id: this.#options.id,
        flush_id: this.#flushId,
      } satisfies WebsocketResponse.Chunk);
      this.#chunks += 1;
      await nextMessage();
    }
    this.#atS += bytes.length / 2 / sampleRateHz;
  }

  #flushed(): void {
    this.#options.send({
      type: 'flush_done',
      done: false,
      flush_done: true,
      flush_id: this.#flushId,
      status_code: 206,
      context_id: this.#options.id,
    } satisfies WebsocketResponse.FlushDone);
    this.#flushId += 1;
    if (this.#options.timing.timesRestartAtFlush) this.#atS = 0;
  }

  #done(): void {
    if (this.#isOver || this.#fails('end', true)) return;
    this.#options.send({
      type: 'done',
      done: true,
      status_code: 206,
      context_id: this.#options.id,
    } satisfies WebsocketResponse.Done);
    this.end();
  }

  /** True when the script has a fault for this stage; the context is then over, or says nothing more. */
  #fails(stage: FaultStage, isStage: boolean): boolean {
    const { fault: scripted, send, cut, close, id } = this.#options;
    if (!isStage || scripted?.stage !== stage) return false;
    const { fault } = scripted;
    if (fault === 'stall') {
      this.isStalled = true;
      this.#work.length = 0;
      this.#options.onStalled();
      return true;
    }
    this.isFailed = true;
    if (fault === 'cut') cut();
    else if (fault === 'close') close();
    else if (fault === 'garbage') send('<html>502 Bad Gateway</html>');
    else if (fault === 'half-json') send(`{"type":"chunk","context_id":"${id}","data":"AAAA`);
    else if (fault === 'no-data')
      send(`{"type":"chunk","context_id":"${id}","done":false,"status_code":206,"step_time":1}`);
    else this.fail(fault);
    this.end();
    return true;
  }
}

/** Lets what the client sends in the meantime be read. */
function nextMessage(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
