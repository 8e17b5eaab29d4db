import {
  BusBridgeProcessor,
  EchoJudge,
  LLMContext,
  LLMContextAggregatorPair,
  Pipeline,
  PipelineWorker,
  SpeechToTextProcessor,
  TextToSpeechProcessor,
  VoiceActivityProcessor,
  type TurnOptions,
  type WorkerRunner,
} from '@voicebus/core';
import type { ServerMessage } from '@voicebus/protocol';
import { MicrophoneInput, PacedOutput, type Pacer } from '@voicebus/transport-mediasoup';
import type { Providers } from '../providers/providers.ts';

export interface CallPipelineOptions {
  readonly runner: WorkerRunner;
  readonly providers: Providers;
  readonly pacer: Pacer;
  readonly turns: Partial<TurnOptions>;
  readonly sessionId: string;
  /** False for a caller who reads and types. */
  readonly audio: boolean;
  readonly fallbackAgent: string;
  readonly tell: (message: ServerMessage) => void;
}

export interface CallPipeline {
  readonly main: PipelineWorker;
  readonly bridge: BusBridgeProcessor;
  readonly input: MicrophoneInput;
  readonly output: PacedOutput;
}

/** The voice used before any agent with a voice of its own has the floor. */
const firstVoice = 'bright';

/** One caller's pipeline, from the microphone to the loudspeaker; the model's place is taken by the bridge. */
export function createCallPipeline(options: CallPipelineOptions): CallPipeline {
  const { runner, providers, sessionId, audio } = options;
  const context = new LLMContext();
  const aggregators = new LLMContextAggregatorPair(context, { turns: options.turns });
  const input = new MicrophoneInput();
  const echo = new EchoJudge();
  const output = new PacedOutput({
    pacer: options.pacer,
    tell: options.tell,
    onSent: ({ pcm, sampleRateHz }, dueMs) => echo.played(pcm, sampleRateHz, dueMs),
  });
  const bridge = new BusBridgeProcessor({
    bus: runner.bus,
    workerName: 'main',
    context,
    fallbackAgent: options.fallbackAgent,
  });
  const pipeline = new Pipeline([
    input,
    ...(audio
      ? [new VoiceActivityProcessor(providers.vad, echo), new SpeechToTextProcessor(providers.stt)]
      : []),
    aggregators.user(),
    bridge,
    new TextToSpeechProcessor({ tts: providers.tts, voice: firstVoice, isAudible: () => audio }),
    output,
    aggregators.assistant(),
  ]);
  return { main: new PipelineWorker('main', pipeline, { sessionId }), bridge, input, output };
}
