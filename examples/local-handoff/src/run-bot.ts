import {
  BusBridgeProcessor,
  LLMContext,
  LLMContextAggregatorPair,
  Pipeline,
  PipelineWorker,
  TextToSpeechProcessor,
  type LanguageModel,
  type SessionEvent,
  type TextToSpeech,
  type WorkerRunner,
} from '@voicebus/core';
import { AcmeAgent } from './acme-agent.ts';
import type { TerminalTransport } from './terminal-transport.ts';

const mainName = 'acme';

export interface BotOptions {
  readonly transport: TerminalTransport;
  readonly runner: WorkerRunner;
  readonly llm: LanguageModel;
  readonly tts: TextToSpeech;
  readonly onEvent: (event: SessionEvent) => void;
}

/**
 * Two agents hand a caller to each other over the bus. The main worker owns the transport and has no
 * model; a bridge stands in its place. Give the runner a network bus and move the two agents to other
 * machines, and this function stays as it is.
 */
export async function runBot({ transport, runner, llm, tts, onEvent }: BotOptions): Promise<void> {
  const context = new LLMContext();
  const aggregators = new LLMContextAggregatorPair(context);
  const bridge = new BusBridgeProcessor({ bus: runner.bus, workerName: mainName, context });

  const pipeline = new Pipeline([
    transport.input(),
    aggregators.user(),
    bridge,
    new TextToSpeechProcessor({ tts, voice: 'bright', isAudible: () => false }),
    transport.output(),
    aggregators.assistant(),
  ]);
  const main = new PipelineWorker(mainName, pipeline);

  // The greeter may take a moment to register, wherever it runs: activate it once both are there.
  const state = { clientConnected: false, greeterReady: false };
  const maybeActivate = async (): Promise<void> => {
    if (!state.clientConnected || !state.greeterReady) return;
    await main.activateWorker('greeter', {
      args: { messages: [{ role: 'developer', content: 'Welcome the user.' }] },
    });
  };

  transport.on('client-connected', async () => {
    state.clientConnected = true;
    await maybeActivate();
  });
  transport.on('client-disconnected', () => runner.cancel('client disconnected'));

  await runner.addWorkers(main);
  await runner.start();
  runner.events(main.sessionId).onEvent(onEvent);
  runner.registry.watch('greeter', async () => {
    state.greeterReady = true;
    await maybeActivate();
  });

  await runner.addWorkers(
    new AcmeAgent('greeter', {
      llm,
      instructions: 'You greet callers of Acme.',
      watch: ['support'],
    }),
    new AcmeAgent('support', { llm, instructions: 'You are support at Acme.', watch: ['greeter'] }),
  );
}
