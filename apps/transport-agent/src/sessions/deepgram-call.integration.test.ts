import { DeepgramStandIn, standInKey } from '@voicebus/testing/stand-ins/deepgram';
import {
  speak,
  startTransportAgentProcess,
  TraceCollector,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, expect, test } from 'vitest';

const texts = ['Good morning.', 'Is anybody there?', 'This sentence breaks off.'];

let standIn: DeepgramStandIn;
let collector: TraceCollector;
let agent: TransportAgentProcess;
let sentence: Int16Array;

beforeAll(async () => {
  let count = 0;
  standIn = await DeepgramStandIn.start({ texts: () => texts[count++] ?? '' });
  collector = await TraceCollector.start();
  [agent, sentence] = await Promise.all([
    startTransportAgentProcess({
      env: {
        STT: 'deepgram,scripted',
        LLM: 'scripted',
        TTS: 'scripted',
        DEEPGRAM_API_KEY: standIn.key,
        DEEPGRAM_BASE_URL: standIn.url,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      },
    }),
    // Without a pause in it: each stretch of speech is one text.
    speak('flite-slt', 'Hello there my good friends'),
  ]);
}, 40_000);
afterAll(async () => {
  await agent?.stop();
  await standIn?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

test('a call with the real SDK: turns that Flux ends, a connection that breaks, a key that is revoked', async () => {
  const caller = await VirtualCaller.call({ url: agent.url });
  await caller.untilEvent('bot-stopped-speaking');
  const heardAs = async (): Promise<string> => {
    const after = caller.events.lastSequence;
    await caller.say(sentence);
    const { text } = await caller.untilEvent('transcript-final', { after });
    await caller.untilEvent('bot-stopped-speaking', { after });
    return text;
  };
  const interimsOf = (text: string): string[] =>
    caller.events
      .of('transcript-interim')
      .map((event) => event.text)
      .filter((interim) => text.startsWith(interim));

  // Asked about at the start, and then open for the whole call.
  expect(standIn.connections).toHaveLength(2);
  expect(await heardAs()).toBe('Good morning.');
  expect(interimsOf('Good morning.')).not.toEqual([]);

  // Between utterances: the next connection is there before anybody speaks again.
  standIn.cut();
  expect(await heardAs()).toBe('Is anybody there?');
  expect(standIn.connections).toHaveLength(3);

  // Flux ended both turns: nobody had to ask it to.
  expect(standIn.connections.flatMap(({ told }) => told)).not.toContain('ForceEndTurn');

  // In the middle of a sentence, and for good: the next choice hears it, in its own words.
  standIn.faults.push({ when: 'handshake', what: { status: 401 } });
  const after = caller.events.lastSequence;
  const saying = caller.say(sentence);
  await caller.untilEvent('transcript-interim', { after });
  standIn.cut();
  await saying;
  const { text } = await caller.untilEvent('transcript-final', { after });
  expect(text).toBe('hello there');
  await caller.untilEvent('bot-stopped-speaking', { after });
  expect(caller.events.of('transcript-final')).toHaveLength(3);

  // All of it is counted.
  const counted = await (await fetch(`${agent.url}/metrics`)).text();
  for (const line of [
    /^voicebus_deepgram_turns_total\{what="start-of-turn"\} [3-9]/m,
    /^voicebus_deepgram_turns_total\{what="end-of-turn"\} 2/m,
    /^voicebus_deepgram_connections_total\{what="reconnected"\} 1/m,
    /^voicebus_deepgram_sound_seconds_total\{what="replayed"\} \d/m,
    /^voicebus_provider_connect_seconds_count\{part="stt",provider="deepgram"\} 1$/m,
    /^voicebus_provider_final_seconds_count\{part="stt",provider="deepgram"\} 2$/m,
    /^voicebus_provider_final_seconds_count\{part="stt",provider="scripted"\} 1$/m,
  ])
    expect(counted).toMatch(line);
  expect(caller.events.of('provider-timing').map(({ stage }) => stage)).toContain('final');

  expect(caller.events.of('problem')).toEqual([]);
  const lines = agent
    .output()
    .split('\n')
    .filter((line) => line.includes('DEEPGRAM_API_KEY'));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('Invalid credentials');
  expect(agent.output()).not.toContain(standInKey);
  expect(agent.output()).not.toMatch(/Good morning|anybody|hello there/);
  caller.send({ type: 'end-call' });
  await caller.untilMessage('ended');
  await caller.close();

  // In the trace: who heard each utterance, how soon, and how much sound the whole call was.
  await agent.stop();
  const call = await collector.until('call');
  expect(
    call.events.map(({ name, attributes }) => [name, attributes['voicebus.provider']]),
  ).toEqual([
    ['connect', 'deepgram'],
    ['connect', 'scripted'],
  ]);
  const heard = collector.named('speech_to_text').map(({ attributes }) => attributes);
  expect(heard.map((attributes) => attributes['voicebus.provider'])).toEqual([
    'deepgram',
    'deepgram',
    'scripted',
  ]);
  let seconds = 0;
  for (const attributes of heard) {
    expect(attributes['voicebus.final_ms']).toBeGreaterThanOrEqual(0);
    seconds += Number(attributes['voicebus.sound_seconds']);
  }
  expect(seconds).toBeGreaterThan((3 * sentence.length) / 16_000);
  expect(call.attributes['voicebus.heard_seconds']).toBeGreaterThanOrEqual(seconds - 0.01);
}, 60_000);
