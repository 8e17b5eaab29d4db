import type { SpeechToText } from '@voicebus/core';
import { encodeWords } from '@voicebus/testing';
import { Caller } from '@voicebus/testing/speech-to-text-conformance';
import { DeepgramStandIn } from '@voicebus/testing/stand-ins/deepgram';
import { afterEach, expect, it, vi } from 'vitest';
import { openSpeechToText } from './open-speech-to-text.ts';

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of opened.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

type Names = Parameters<typeof openSpeechToText>[0]['providers']['stt'];

async function open(stt: Names, settings: Readonly<Record<string, string>> = {}) {
  const standIn = await DeepgramStandIn.start();
  opened.push(standIn);
  vi.stubEnv('DEEPGRAM_API_KEY', standIn.key);
  vi.stubEnv('DEEPGRAM_BASE_URL', standIn.url);
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const reported: string[] = [];
  const providers = { stt, llm: ['offline'], tts: ['offline'], vad: 'silero' } as const;
  const recogniser = await openSpeechToText(
    { providers, recogniser: null, cacheFolder: null },
    (what, thrown) => reported.push(thrown instanceof Error ? `${what}: ${thrown.message}` : what),
  );
  opened.push(recogniser);
  return { standIn, recogniser, reported };
}

/** The scripted recogniser has words of its own; Deepgram's stand-in hears those in the sound. */
async function heardBy(recogniser: SpeechToText): Promise<string> {
  const caller = await Caller.call(recogniser, 10_000);
  caller.say('u1', encodeWords('hello'));
  const { text } = await caller.final('u1');
  caller.hangUp();
  return text;
}

it('opens Deepgram by its key, asked before anybody calls, with the model of the settings', async () => {
  const { standIn, recogniser, reported } = await open(['deepgram', 'scripted'], {
    DEEPGRAM_MODEL: 'nova-3',
    DEEPGRAM_LANGUAGE: 'en-GB',
    DEEPGRAM_KEYTERMS: 'desk lamp',
  });
  expect(standIn.connections).toHaveLength(1);
  expect(await heardBy(recogniser)).toBe('hello');
  expect(Object.fromEntries(standIn.connections[1]?.query ?? [])).toMatchObject({
    model: 'nova-3',
    language: 'en-GB',
    keyterm: 'desk lamp',
  });
  expect(reported).toEqual([]);
});

it('says in one line that a key is refused, and hears by the next one at once', async () => {
  const { standIn, recogniser, reported } = await open(['deepgram', 'scripted'], {
    DEEPGRAM_API_KEY: 'an-expired-key',
  });
  for (let count = 0; count < 3; count += 1) expect(await heardBy(recogniser)).toBe('hello there');
  expect(reported).toEqual([
    'speech to text by deepgram does not work: the next choice takes its place: Deepgram does not accept the key in DEEPGRAM_API_KEY: "Invalid credentials". Put a valid one there (console.deepgram.com, API keys), or take deepgram out of STT.',
  ]);
  expect(standIn.connections).toHaveLength(0);
});

it('says that nobody stands behind Deepgram where the offline recogniser is not there', async () => {
  const { recogniser, reported } = await open(['deepgram', 'offline']);
  expect(await heardBy(recogniser)).toBe('hello');
  expect(reported).toEqual([
    'the offline recogniser is not there: nobody takes the place of the others',
  ]);
});

it('says in one line that a model of one’s own is not there, and hears by the next one', async () => {
  const { recogniser, reported } = await open(['sherpa', 'scripted'], {
    SHERPA_RECOGNISER_FOLDER: '/nowhere',
  });
  expect(await heardBy(recogniser)).toBe('hello there');
  expect(reported).toEqual([
    'speech to text by sherpa does not work: the next choice takes its place: SHERPA_RECOGNISER_FOLDER names /nowhere, where there is no encoder (….onnx). Unpack a streaming transducer of sherpa-onnx, such as a streaming Zipformer, and name its folder.',
  ]);
});

it('lets people type where nobody listens at all', async () => {
  const { recogniser } = await open(['offline']);
  expect(recogniser.name).toBe('none');
  expect(await heardBy(recogniser)).toBe('');
});
