import { describeTextToSpeech } from '@voicebus/testing/text-to-speech-conformance';
import { afterEach, describe, expect, it } from 'vitest';
import { folderWith, removeFolders } from '../sherpa-package/test-folder.ts';
import { Spoken } from '../test-speech/spoken.ts';
import type { SherpaEngine } from './sherpa-engine.ts';
import { SherpaVoices } from './sherpa-voices.ts';

const speakers = { bright: 0, deep: 5 };

/** A model of tones: no model is fetched for a test. */
const tones = (more: Partial<SherpaEngine> = {}): SherpaEngine => ({
  sampleRate: 24_000,
  numSpeakers: 11,
  generateAsync: ({ text, sid }) => {
    if (text.includes('unspeakable')) return Promise.reject(new Error('out of memory'));
    const samples = Float32Array.from({ length: text.length * 24 * 60 }, (_, index) =>
      Math.sin((index * 2 * Math.PI * (200 + sid * 20)) / 24_000),
    );
    return Promise.resolve({ samples, sampleRate: 24_000 });
  },
  ...more,
});

describeTextToSpeech({
  name: 'sherpa, with a model of tones',
  limitMs: 10_000,
  open: () => {
    const textToSpeech = new SherpaVoices({
      folder: '/models/kokoro',
      speakers,
      load: () => Promise.resolve(tones()),
    });
    const close = () => textToSpeech[Symbol.asyncDispose]();
    return Promise.resolve({ textToSpeech, failNext: null, close });
  },
});

describe('sherpa says what is missing', () => {
  afterEach(removeFolders);

  it('a folder, or a file in it', async () => {
    const nowhere = new SherpaVoices({ folder: '/nowhere', speakers });
    await expect(nowhere.warmUp()).rejects.toThrow(/SHERPA_VOICES_FOLDER names \/nowhere, where/);
    const folder = await folderWith('model.onnx', 'voices.bin');
    const half = new SherpaVoices({ folder, speakers });
    await expect(half.warmUp()).rejects.toThrow(/no tokens\.txt/);
  });

  it('the package', async () => {
    const folder = await folderWith('model.onnx', 'voices.bin', 'tokens.txt', 'espeak-ng-data');
    const voices = new SherpaVoices({ folder, speakers });
    await expect(voices.warmUp()).rejects.toMatchObject({
      code: 'provider-refused',
      message: expect.stringMatching(
        /sherpa-onnx-node is not installed: pnpm add|cannot be loaded/,
      ),
    });
  });

  it.each([
    [{ numSpeakers: 2 }, /SHERPA_VOICE_DEEP is 5, and the model .* has 2 speakers/],
    [{ sampleRate: 22_050 }, /22050 Hz, which calls cannot carry/],
  ])('a model that does not fit: %o', async (more, message) => {
    const load = () => Promise.resolve(tones(more));
    const voices = new SherpaVoices({ folder: '/models/other', speakers, load });
    await expect(voices.warmUp()).rejects.toThrow(message);
  });

  it('a clause that fails is an error, and the next message is spoken', async () => {
    const load = () => Promise.resolve(tones());
    const voices = new SherpaVoices({ folder: '/models/kokoro', speakers, load });
    const failed = await new Spoken(voices, 'One. This is unspeakable.', 'deep').ended;
    expect(failed?.message).toContain('out of memory');
    expect(await new Spoken(voices, 'All is well.', 'deep').ended).toBeNull();
  });
});
