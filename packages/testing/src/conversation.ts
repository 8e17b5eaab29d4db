import {
  BusBridgeProcessor,
  createFrame,
  LLMContext,
  LLMContextAggregatorPair,
  LocalBus,
  Pipeline,
  PipelineWorker,
  SpeechOutput,
  SpeechToTextProcessor,
  TextToSpeechProcessor,
  VoiceActivityProcessor,
  WorkerRunner,
  type Bus,
  type FrameRegistry,
  type SessionEvent,
  type SessionEventType,
  type SpeechToText,
  type TextToSpeech,
  type TurnOptions,
  type WorkerRunnerOptions,
} from '@voicebus/core';
import { FakeClock } from './fake-clock.ts';
import { ScriptedSpeechToText } from './scripted-speech-to-text.ts';
import { ScriptedTextToSpeech } from './scripted-text-to-speech.ts';
import { ScriptedVoiceActivityDetector } from './scripted-voice-activity-detector.ts';
import { encodeWords, silence } from './spoken-words.ts';

export interface ConversationOptions {
  readonly clock?: FakeClock;
  /** Share one among conversations and runners to test that nothing leaks. Default: a frozen local bus. */
  readonly bus?: Bus;
  readonly sessionId?: string;
  readonly runnerName?: string;
  readonly runner?: Partial<WorkerRunnerOptions>;
  readonly tts?: TextToSpeech;
  readonly stt?: SpeechToText;
  readonly turns?: Partial<TurnOptions>;
  /** False: a caller who reads and types. Default: true. */
  readonly isAudible?: boolean;
  readonly fallbackAgent?: string;
  readonly frames?: FrameRegistry;
  readonly responseTimeoutMs?: number;
}

/** One line of what the caller heard, in order. */
export interface HeardLine {
  readonly agent: string;
  readonly text: string;
  readonly interrupted: boolean;
}

const frameMs = 20;

/**
 * A call without a browser: a main worker with the real pipeline, scripted speech, and a clock that the
 * test moves. Reads like a dialogue: `await call.say('hello')`, `await call.untilHeard('welcome')`.
 */
export class Conversation {
  readonly clock: FakeClock;
  readonly runner: WorkerRunner;
  readonly main: PipelineWorker;
  readonly bridge: BusBridgeProcessor;
  readonly output: SpeechOutput;
  readonly context = new LLMContext();
  readonly events: SessionEvent[] = [];
  readonly sessionId: string;
  /** Packets as they left for the caller: which agent sounded when. */
  readonly packets: {
    readonly atMs: number;
    readonly agent: string;
    readonly messageId: string;
    readonly rtpTimestamp: number;
    readonly pcm: Int16Array;
  }[] = [];
  #rtpTimestamp = 0;
  #stopPacer: (() => void) | undefined;
  #messages = 0;
  #utterance: Int16Array = new Int16Array(0);

  constructor(options: ConversationOptions = {}) {
    this.clock = options.clock ?? new FakeClock();
    this.sessionId = options.sessionId ?? 'session-1';
    this.runner = new WorkerRunner({
      bus: options.bus ?? new LocalBus({ mode: 'frozen' }),
      clock: this.clock,
      name: options.runnerName ?? 'transport',
      ...options.runner,
    });
    this.bridge = new BusBridgeProcessor({
      bus: this.runner.bus,
      workerName: 'main',
      context: this.context,
      ...(options.frames === undefined ? {} : { frames: options.frames }),
      ...(options.fallbackAgent === undefined ? {} : { fallbackAgent: options.fallbackAgent }),
      ...(options.responseTimeoutMs === undefined
        ? {}
        : { responseTimeoutMs: options.responseTimeoutMs }),
    });
    this.output = new SpeechOutput();
    const aggregators = new LLMContextAggregatorPair(
      this.context,
      options.turns ? { turns: options.turns } : {},
    );
    const pipeline = new Pipeline([
      new VoiceActivityProcessor(new ScriptedVoiceActivityDetector()),
      new SpeechToTextProcessor(options.stt ?? new ScriptedSpeechToText({ clock: this.clock })),
      aggregators.user(),
      this.bridge,
      new TextToSpeechProcessor({
        tts: options.tts ?? new ScriptedTextToSpeech({ clock: this.clock }),
        voice: 'bright',
        isAudible: () => options.isAudible ?? true,
      }),
      this.output,
      aggregators.assistant(),
    ]);
    this.main = new PipelineWorker('main', pipeline, { sessionId: this.sessionId });
  }

  /** Starts the main worker and, unless told not to, the two directions of sound. */
  async start(): Promise<this> {
    await this.runner.start();
    this.runner.events(this.sessionId).onEvent((event) => this.events.push(event));
    await this.clock.until(this.runner.addWorkers(this.main));
    this.#pace();
    await this.clock.settle();
    return this;
  }

  /** Says words, with silence after them, in real time of the fake clock. */
  async say(text: string, { thenMs = 700, msPerWord = 200 } = {}): Promise<void> {
    await this.sound(encodeWords(text, msPerWord));
    await this.sound(silence(thenMs));
  }

  /** Plays 16 kHz audio into the microphone, in real time of the fake clock. */
  async sound(pcm: Int16Array): Promise<void> {
    this.speak(pcm);
    await this.clock.advance((pcm.length / 16_000) * 1000);
  }

  /** Queues 16 kHz audio for the microphone; it plays as the clock moves. */
  speak(pcm: Int16Array): void {
    const queued = new Int16Array(this.#utterance.length + pcm.length);
    queued.set(this.#utterance);
    queued.set(pcm, this.#utterance.length);
    this.#utterance = queued;
  }

  async type(text: string): Promise<void> {
    this.#messages += 1;
    this.main.queueFrame(
      createFrame('transcription', { utteranceId: `typed-${this.#messages}`, text, by: 'text' }),
    );
    await this.clock.settle();
  }

  /** The page heard speech and fell silent, when that was the last packet that it had played. */
  pageHolds(playedRtpTimestamp: number): void {
    this.main.queueFrame(createFrame('speech-hold', { holdId: 'hold', playedRtpTimestamp }));
  }

  mute(isMuted: boolean): void {
    this.main.queueFrame(createFrame('caller-muted', { isMuted }));
  }

  async activate(agent: string, content = 'Welcome the user.'): Promise<void> {
    await this.clock.until(
      this.main.activateWorker(agent, { args: { messages: [{ role: 'developer', content }] } }),
    );
  }

  /** Moves the clock until the caller has heard this text (any case); throws when it takes too long. */
  async untilHeard(text: string, limitMs = 30_000): Promise<void> {
    const isHeard = (): boolean =>
      this.transcript.some((line) => line.toLowerCase().includes(text.toLowerCase()));
    await this.until(isHeard, `"${text}" to be heard`, limitMs);
  }

  async untilEvent(type: SessionEventType, limitMs = 30_000): Promise<void> {
    await this.until(
      () => this.events.some((event) => event.type === type),
      `the event ${type}`,
      limitMs,
    );
  }

  async until(isTrue: () => boolean, what: string, limitMs = 30_000): Promise<void> {
    for (let waited = 0; waited <= limitMs; waited += frameMs) {
      if (isTrue()) return;
      await this.clock.advance(frameMs);
    }
    throw new Error(
      `Waited ${limitMs} ms for ${what}. Heard so far:\n${this.transcript.join('\n')}`,
    );
  }

  /** What the caller heard, a line per message of an agent. */
  get heard(): HeardLine[] {
    const lines = new Map<string, HeardLine>();
    const texts = new Map<string, string>();
    for (const event of this.events) {
      if (event.type === 'bot-text') texts.set(event.messageId, event.text);
      if (event.type !== 'bot-heard') continue;
      const text = (texts.get(event.messageId) ?? '').slice(0, event.heardCharacters);
      lines.set(event.messageId, { agent: event.agent, text, interrupted: event.interrupted });
    }
    return [...lines.values()].filter(({ text }) => text !== '');
  }

  get transcript(): string[] {
    return this.heard.map(({ agent, text }) => `${agent}: ${text.trim()}`);
  }

  eventsOf<Type extends SessionEventType>(type: Type): Extract<SessionEvent, { type: Type }>[] {
    return this.events.filter(
      (event): event is Extract<SessionEvent, { type: Type }> => event.type === type,
    );
  }

  /** The call is over; its process goes on. */
  async hangUp(): Promise<void> {
    this.#stopPacer?.();
    await this.runner.endSession(this.sessionId);
  }

  async close(): Promise<void> {
    await this.clock.until(this.hangUp());
    await this.clock.until(this.runner.cancel());
  }

  /** Every 20 ms: one packet from the microphone, one to the loudspeaker. */
  #pace(): void {
    this.#stopPacer = this.clock.after(frameMs, () => {
      const samples = 320;
      const pcm = new Int16Array(samples);
      pcm.set(this.#utterance.subarray(0, samples));
      this.#utterance = this.#utterance.subarray(samples);
      this.main.queueFrame(
        createFrame('input-audio', { pcm, sampleRateHz: 16_000, captureMs: this.clock.now() }),
      );
      const packet = this.output.nextPacket(this.#rtpTimestamp);
      if (packet)
        this.packets.push({
          atMs: this.clock.now(),
          agent: packet.agent,
          messageId: packet.messageId,
          rtpTimestamp: this.#rtpTimestamp,
          pcm: packet.pcm,
        });
      this.#rtpTimestamp += 960;
      this.#pace();
    });
  }
}
