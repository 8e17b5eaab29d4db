import {
  BusBridgeProcessor,
  createFrame,
  LLMContext,
  LLMContextAggregatorPair,
  Pipeline,
  PipelineWorker,
  SpeechOutput,
  TextToSpeechProcessor,
  WorkerRunner,
} from '@voicebus/core';
import { openBus } from '@voicebus/service';
import { ScriptedTextToSpeech } from '@voicebus/testing';
import { RedisServer } from '@voicebus/testing/bus-conformance';
import { OpenAIStandIn, type StandInAnswer } from '@voicebus/testing/stand-ins/openai';
import { EventLog, startAgentProcess, TraceCollector } from '@voicebus/testing/system';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const channel = 'acme';
let answer: StandInAnswer = { text: 'Welcome to Acme.' };
const opened = new AsyncDisposableStack();
let standIn: OpenAIStandIn;
let collector: TraceCollector;
let greeter: Awaited<ReturnType<typeof startAgentProcess>>;
let owner: WorkerRunner;

beforeAll(async () => {
  const redis = opened.use(await RedisServer.start());
  standIn = opened.use(await OpenAIStandIn.start({ answers: () => answer }));
  collector = opened.use(await TraceCollector.start());
  greeter = await startAgentProcess({
    role: 'greeter',
    redisUrl: redis.url,
    channel,
    env: {
      LLM: 'openai,scripted',
      OPENAI_API_KEY: 'sk-test-0123456789',
      OPENAI_BASE_URL: standIn.url,
      OPENAI_API: 'responses',
      OPENAI_MODEL: 'gpt-5.4-mini',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    },
  });
  opened.defer(() => greeter.stop());
  const bus = await openBus({ kind: 'redis', channel, redisUrl: redis.url }, () => {});
  owner = opened.use(new WorkerRunner({ bus, name: 'transport', role: 'transport-agent' }));
  await owner.start();
}, 40_000);
afterAll(() => opened.disposeAsync());

/** A caller who reads and types, as their transport agent serves them; the greeter has welcomed them. */
async function startCall(
  sessionId: string,
): Promise<{ events: EventLog; type(text: string): void }> {
  const context = new LLMContext();
  const aggregators = new LLMContextAggregatorPair(context);
  const tts = new ScriptedTextToSpeech();
  const pipeline = new Pipeline([
    aggregators.user(),
    new BusBridgeProcessor({ bus: owner.bus, workerName: 'main', context }),
    new TextToSpeechProcessor({ tts, voice: 'bright', isAudible: () => false }),
    new SpeechOutput(),
    aggregators.assistant(),
  ]);
  const main = new PipelineWorker('main', pipeline, { sessionId });
  const events = new EventLog();
  owner.events(sessionId).onEvent((event) => events.take([event]));
  await owner.addWorkers(main);
  const messages = [{ role: 'developer', content: 'Welcome the user.' }] as const;
  await main.activateWorker('greeter', { args: { messages } });
  await events.until('turn-ended');
  return {
    events,
    type: (text) =>
      main.queueFrame(createFrame('transcription', { utteranceId: text, text, by: 'text' })),
  };
}

/** What stands behind the name (and the labels after it), of the model's provider. */
async function metric(name: string, labels = ''): Promise<number> {
  const answered = await fetch(`${greeter.healthUrl}/metrics`);
  const begin = `voicebus_provider_${name}{part="llm",provider="openai"${labels}} `;
  const line = (await answered.text()).split('\n').find((each) => each.startsWith(begin));
  return Number(line?.slice(begin.length));
}

test('an agent in a process of its own counts what its model does, traces it, and stops it', async () => {
  const call = await startCall('s1');
  // Who it was crosses the bus.
  expect(call.events.of('llm-end')).toMatchObject([
    { provider: 'openai', model: 'gpt-5.4-mini', inputTokens: 12, outputTokens: 5 },
  ]);
  expect(await metric('connect_seconds_count')).toBe(1);
  expect(await metric('first_byte_seconds_count')).toBe(1);
  expect(await metric('first_clause_seconds_count')).toBe(1);
  expect(await metric('input_tokens_total')).toBe(12);
  expect(await metric('output_tokens_total')).toBe(5);
  expect(await metric('requests_total', ',outcome="complete"')).toBe(1);
  expect(await metric('left_alone')).toBe(0);

  // The caller hangs up in the middle of an answer: nobody pays for its rest.
  answer = { text: 'It was a dark and stormy night. '.repeat(100), msPerPiece: 50 };
  const after = call.events.lastSequence;
  call.type('tell me a story');
  await call.events.until('bot-text', { after });
  await owner.endSession('s1');
  await vi.waitFor(() => expect(standIn.counts.abandoned).toBe(1), 5_000);
  await vi.waitFor(async () => {
    expect(await metric('requests_total', ',outcome="abandoned"')).toBe(1);
  }, 5_000);

  // A key that is revoked: the next choice answers, and the first one is left alone.
  answer = { fault: { type: 'status', status: 401, code: 'invalid_api_key', message: 'Revoked.' } };
  const other = await startCall('s2');
  expect(other.events.of('llm-end')).toMatchObject([{ provider: 'scripted' }]);
  expect(other.events.of('problem')).toEqual([]);
  expect(await metric('requests_total', ',outcome="failed"')).toBe(1);
  expect(await metric('left_alone')).toBe(1);
  expect(greeter.output()).toContain('OPENAI_API_KEY');

  // Its connection is in the traces; the call's own trace is its transport agent's.
  await owner.endSession('s2');
  await greeter.stop();
  expect(await greeter.exited).toBe(0);
  const connect = await collector.until('connect openai');
  expect(connect).toMatchObject({ service: 'voicebus-greeter', parentSpanId: '' });
  expect(new Set(collector.spans.map(({ name }) => name))).toEqual(new Set(['connect openai']));
}, 40_000);
