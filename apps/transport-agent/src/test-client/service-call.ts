import {
  systemClock,
  WorkerRunner,
  type Agent,
  type Bus,
  type Clock,
  type SessionEvents,
  type SessionEventType,
} from '@voicebus/core';
import { OpenAILanguageModel } from '@voicebus/llm/openai';
import { CartesiaVoices } from '@voicebus/speech/cartesia';
import { DeepgramSpeechToText } from '@voicebus/speech/deepgram';
import {
  encodeWords,
  loudAtTheEnd,
  ScriptedVoiceActivityDetector,
  silence,
  TimedLine,
} from '@voicebus/testing';
import { CartesiaStandIn } from '@voicebus/testing/stand-ins/cartesia';
import { DeepgramStandIn } from '@voicebus/testing/stand-ins/deepgram';
import { OpenAIStandIn, type StandInRule } from '@voicebus/testing/stand-ins/openai';
import { EventLog, type EventOf, type UntilEventOptions } from '@voicebus/testing/system';
import { Pacer, SpeechSender } from '@voicebus/transport-mediasoup';
import { createCallPipeline, type CallPipeline } from '../sessions/call-pipeline.ts';

export interface ServiceCallOptions {
  /** The first one speaks first. */
  readonly agents: readonly [Agent, ...Agent[]];
  readonly answers: StandInRule;
  /** `chat` or `responses`; each test says which one it speaks. */
  readonly api: 'chat' | 'responses';
  /** One for the caller's side, one for the agents', which may be the same. */
  readonly buses: readonly [Bus, Bus];
  /** How many times as fast time passes for us; the network takes as long as ever. */
  readonly speed: number;
}

interface Inside extends Pick<CallPipeline, 'main' | 'bridge'> {
  readonly session: SessionEvents;
}

const frameMs = 20;
/** At 16 kHz. */
const frameSamples = 320;
/** Longer than the bot's last word may still be in the room: what comes sooner may be its echo. */
const breathMs = 400;

/**
 * A call in this process with the real SDKs of all three services at stand-ins, over the real pipeline; only
 * WebRTC is left out, so that words can be written into the sound. For agents that no product has.
 */
export class ServiceCall implements AsyncDisposable {
  readonly deepgram: DeepgramStandIn;
  readonly openai: OpenAIStandIn;
  readonly cartesia: CartesiaStandIn;
  events = new EventLog();
  readonly #parts: AsyncDisposableStack;
  readonly #inside: Inside;
  /** What the microphone hears next; silence when it is empty. */
  #sound: Int16Array = new Int16Array(0);

  static async start(options: ServiceCallOptions): Promise<ServiceCall> {
    await using parts = new AsyncDisposableStack();
    const clock = fasterClock(options.speed);
    const deepgram = parts.use(await DeepgramStandIn.start());
    const openai = parts.use(await OpenAIStandIn.start({ answers: options.answers }));
    const cartesia = parts.use(await CartesiaStandIn.start({ clock, msPerCharacter: 10 }));
    const stt = parts.use(
      new DeepgramSpeechToText({ apiKey: deepgram.key, baseUrl: deepgram.url, clock }),
    );
    const tts = parts.use(
      new CartesiaVoices({ apiKey: cartesia.apiKey, baseUrl: cartesia.url, clock }),
    );
    const llm = parts.use(
      new OpenAILanguageModel({
        apiKey: 'sk-0123456789',
        baseUrl: openai.url,
        model: 'gpt-5.4-mini',
        api: options.api,
        reasoningEffort: null,
        serviceTier: null,
        clock,
      }),
    );
    const vad = new ScriptedVoiceActivityDetector({ probability: loudAtTheEnd });
    const [bus, agentsBus] = options.buses;
    const agents = new WorkerRunner({ bus: agentsBus, clock, name: 'agents', role: 'agents' });
    for (const agent of options.agents) agents.serve(agent, { llm });
    const runner = new WorkerRunner({ bus, clock, name: 'transport', role: 'transport-agent' });
    parts.defer(() => agents.cancel('over'));
    parts.defer(() => runner.cancel('over'));
    await Promise.all([agents.start(), runner.start()]);
    const pacer = new Pacer(clock);
    const sessionId = 'session-1';
    const events = runner.events(sessionId);
    const [first] = options.agents;
    const { main, input, output, bridge } = createCallPipeline({
      runner,
      providers: { stt, tts, vad, llm: null, [Symbol.asyncDispose]: () => Promise.resolve() },
      pacer,
      // Time flies here: nobody is asked whether they are still there while a test thinks.
      turns: { callerIdleMs: Infinity },
      sessionId,
      audio: true,
      fallbackAgent: first.name,
      tell: () => {},
    });
    const call = new ServiceCall({ main, bridge, session: events }, { deepgram, openai, cartesia });
    events.onEvent((event) => call.events.take([event]));
    await runner.addWorkers(main);
    const sender = new SpeechSender({ payloadType: 100, ssrc: 1, line: new TimedLine(clock) });
    await sender.open(24_000);
    output.play(sender);
    // As a microphone's clock: 20 ms each, also where several come at once because this process was late.
    let capturedMs = clock.now();
    parts.defer(
      pacer.add((ticks) => {
        for (let tick = 0; tick < ticks; tick += 1) {
          capturedMs += frameMs;
          input.audio(call.#nextFrame(), capturedMs);
        }
      }),
    );
    const messages = [{ role: 'developer', content: 'Welcome the user.' }] as const;
    await main.activateWorker(first.name, { args: { messages } });
    await call.until('bot-stopped-speaking');
    call.#parts.use(parts.move());
    return call;
  }

  private constructor(
    inside: Inside,
    standIns: Pick<ServiceCall, 'deepgram' | 'openai' | 'cartesia'>,
  ) {
    this.#parts = new AsyncDisposableStack();
    this.#inside = inside;
    this.deepgram = standIns.deepgram;
    this.openai = standIns.openai;
    this.cartesia = standIns.cartesia;
  }

  /** The caller takes a breath, and says this. */
  say(text: string): void {
    const [breath, words] = [silence(breathMs), encodeWords(text)];
    this.#sound = new Int16Array(breath.length + words.length);
    this.#sound.set(words, breath.length);
  }

  until<Type extends SessionEventType>(
    type: Type,
    options: UntilEventOptions<Type> = {},
  ): Promise<EventOf<Type>> {
    return this.events.until(type, options);
  }

  /** What the stand-ins and this call have written down so far. */
  forget(): void {
    this.events = new EventLog();
    this.openai.requests.length = 0;
    this.cartesia.contexts.length = 0;
    for (const { told } of this.deepgram.connections) told.length = 0;
  }

  /** The conversation as if it had begun so many messages ago. */
  keepMessages(count: number): void {
    const { context } = this.#inside.bridge.owner.options;
    context.apply({ type: 'replace', messages: context.messages.slice(-count) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inside.main.cancel('over');
    await this.#parts.disposeAsync();
  }

  #nextFrame(): Int16Array {
    const frame = new Int16Array(frameSamples);
    frame.set(this.#sound.subarray(0, frameSamples));
    this.#sound = this.#sound.subarray(frameSamples);
    return frame;
  }
}

function fasterClock(speed: number): Clock {
  return {
    now: () => systemClock.now() * speed,
    wall: () => systemClock.wall(),
    after: (delayMs, callback) => systemClock.after(delayMs / speed, callback),
  };
}
