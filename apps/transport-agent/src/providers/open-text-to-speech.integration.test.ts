import type { TextToSpeech } from '@voicebus/core';
import { CartesiaStandIn } from '@voicebus/testing/stand-ins/cartesia';
import { afterEach, expect, it, vi } from 'vitest';
import { openTextToSpeech } from './open-text-to-speech.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

/** Cartesia by its settings, scripted voices behind it; what was reported, and who spoke at which rate. */
async function open(settings: Readonly<Record<string, string>> = {}) {
  const standIn = await CartesiaStandIn.start();
  opened.push(standIn);
  vi.stubEnv('CARTESIA_API_KEY', standIn.apiKey);
  vi.stubEnv('CARTESIA_BASE_URL', standIn.url);
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const reported: string[] = [];
  const voices = await openTextToSpeech(['cartesia', 'scripted'], (what, thrown) =>
    reported.push(thrown instanceof Error ? `${what}: ${thrown.message}` : what),
  );
  opened.push(voices);
  return { standIn, voices, reported };
}

async function rateOf(voices: TextToSpeech): Promise<number | undefined> {
  const rates = new Set<number>();
  const { signal } = new AbortController();
  const options = { sessionId: 's1', text: hello(), voice: 'deep', signal };
  for await (const part of voices.speak(options))
    if (part.type === 'audio') rates.add(part.sampleRateHz);
  return [...rates][0];
}

async function* hello(): AsyncIterable<string> {
  yield 'Hello there.';
}

it('opens Cartesia by its key, connected before anybody speaks, with the voices of the settings', async () => {
  const { standIn, voices, reported } = await open({
    CARTESIA_MODEL: 'sonic-3',
    CARTESIA_VOICE_DEEP: 'a-voice-of-ours',
  });
  expect(standIn.connections).toBe(1);
  expect(await rateOf(voices)).toBe(24_000);
  expect(standIn.contexts[0]).toMatchObject({ voiceId: 'a-voice-of-ours' });
  expect(standIn.contexts[0]?.requests[0]).toMatchObject({ model_id: 'sonic-3' });
  expect(reported).toEqual([]);
});

it('says in one line that a key is refused, and speaks by the next voice at once', async () => {
  const { standIn, voices, reported } = await open({ CARTESIA_API_KEY: 'sk_car_expired' });
  for (let message = 0; message < 3; message += 1) expect(await rateOf(voices)).toBe(16_000);
  expect(reported).toEqual([
    'the voice of cartesia does not work: the next choice takes its place: Cartesia refused CARTESIA_API_KEY: "Unauthorized: The API key is not valid". Make a new key at https://play.cartesia.ai/keys and set it.',
  ]);
  expect(standIn.handshakes).toHaveLength(1);
});
