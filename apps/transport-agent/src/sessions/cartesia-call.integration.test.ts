import { cartesiaVoiceIds } from '@voicebus/speech/cartesia';
import { CartesiaStandIn, toneOfVoice } from '@voicebus/testing/stand-ins/cartesia';
import {
  powerShareAt,
  startTransportAgentProcess,
  TraceCollector,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

/** The scripted voice that takes the place of "deep". */
const scriptedHz = 220;

let standIn: CartesiaStandIn;
let collector: TraceCollector;
let agent: TransportAgentProcess;

beforeAll(async () => {
  standIn = await CartesiaStandIn.start({ apiKey: 'sk_car_0123456789', msPerCharacter: 30 });
  collector = await TraceCollector.start();
  agent = await startTransportAgentProcess({
    env: {
      STT: 'scripted',
      LLM: 'scripted',
      TTS: 'cartesia,scripted',
      CARTESIA_API_KEY: standIn.apiKey,
      CARTESIA_BASE_URL: standIn.url,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
    },
  });
}, 40_000);
afterAll(async () => {
  await agent?.stop();
  await standIn?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

/** The share of what was heard since then that is a tone of this frequency. */
const shareOf = (caller: VirtualCaller, sinceMs: number, frequencyHz: number): number =>
  powerShareAt(caller.heard.recording(sinceMs), frequencyHz);

test('a call with the real SDK: another voice after the handoff, an interruption, a sentence that breaks off', async () => {
  expect(standIn.connections).toBe(1);
  const caller = await VirtualCaller.call({ url: agent.url });
  await caller.untilEvent('bot-stopped-speaking');
  expect(shareOf(caller, -Infinity, toneOfVoice(cartesiaVoiceIds.bright))).toBeGreaterThan(0.9);

  let after = caller.events.lastSequence;
  caller.type('I need support');
  await caller.untilEvent('handoff-active', { after, where: ({ to }) => to === 'support' });
  const supportMs = performance.now();
  await caller.untilEvent('bot-stopped-speaking', {
    after,
    where: (event) => event.agent === 'support',
  });
  expect(shareOf(caller, supportMs + 100, toneOfVoice(cartesiaVoiceIds.deep))).toBeGreaterThan(0.9);

  // Interrupted: what was not heard is not in the context, and the service is told to stop.
  after = caller.events.lastSequence;
  caller.type('tell me everything');
  await vi.waitFor(() => {
    const heard = caller.events.of('bot-heard').at(-1)?.heardCharacters ?? 0;
    expect(heard).toBeGreaterThan(30);
  }, 10_000);
  caller.sendFast({ type: 'interrupt' });
  const cut = await caller.untilEvent('bot-heard', {
    after,
    where: ({ interrupted }) => interrupted,
  });
  const whole = caller.events.of('bot-text').findLast(({ turnId }) => turnId === cut.turnId);
  // The cut is at the end of the last word that was heard as a whole: of the one before, at the least.
  const words = [...(whole?.text ?? '').matchAll(/\S+/g)];
  const ends = words.map(({ index, 0: word }) => index + word.length);
  expect(ends.slice(0, -1)).toContain(cut.heardCharacters);
  expect(cut.heardCharacters).toBeGreaterThanOrEqual(ends.findLast((end) => end <= 30) ?? NaN);

  // The connection breaks after three words: the next voice says the rest.
  await caller.untilQuiet(300);
  standIn.failContext('middle', 'cut');
  after = caller.events.lastSequence;
  const breakMs = performance.now();
  caller.type('sentence 3');
  const heard = await caller.untilEvent('bot-heard', {
    after,
    where: ({ heardCharacters }) => heardCharacters === sentence.length,
  });
  expect(heard.interrupted).toBe(false);
  await caller.untilEvent('bot-stopped-speaking', { after });
  expect(shareOf(caller, breakMs, toneOfVoice(cartesiaVoiceIds.deep))).toBeGreaterThan(0.05);
  expect(shareOf(caller, breakMs, scriptedHz)).toBeGreaterThan(0.5);
  // Once, and not more: 50 ms per character is the slower voice's pace.
  const packets = caller.heard.packets.filter(
    ({ arrivedMs, level }) => arrivedMs > breakMs && level > 0.01,
  );
  expect(packets.length * 20).toBeLessThan(sentence.length * 50);

  // And is Cartesia's again for the next sentence.
  after = caller.events.lastSequence;
  const nextMs = performance.now();
  caller.type('hello there');
  await caller.untilEvent('bot-stopped-speaking', { after });
  expect(shareOf(caller, nextMs, toneOfVoice(cartesiaVoiceIds.deep))).toBeGreaterThan(0.9);

  expect(caller.events.of('problem')).toEqual([]);
  expect(agent.output()).not.toMatch(/0123456789|open from/);
  caller.send({ type: 'end-call' });
  await caller.untilMessage('ended');
  await caller.close();

  // All of it is counted, and in the traces: what was interrupted and what broke off, too.
  const counted = await (await fetch(`${agent.url}/metrics`)).text();
  const metered = (provider: string): number =>
    Number(
      new RegExp(
        `^voicebus_provider_sound_seconds_total\\{part="tts",provider="${provider}"\\} (.+)$`,
        'm',
      ).exec(counted)?.[1],
    );
  const seconds = metered('cartesia') + metered('scripted');
  expect(counted).toMatch(
    /^voicebus_provider_connect_seconds_count\{part="tts",provider="cartesia"\} 2$/m,
  );
  await agent.stop();
  const call = await collector.until('call');
  expect(call.attributes['voicebus.spoken_seconds']).toBeCloseTo(seconds, 1);
  expect(collector.named('connect cartesia')).toHaveLength(2);
  const spoken = collector.named('text_to_speech').map(({ attributes }) => attributes);
  const [first] = spoken;
  expect(first?.['voicebus.provider']).toBe('cartesia');
  for (const attributes of spoken)
    expect(attributes['voicebus.sound_seconds']).toBeGreaterThan(0.1);
}, 60_000);

const sentence = 'Our shop is open from nine in the morning to six in the evening.';
