import { expect, it } from 'vitest';
import { chooseProviders } from './providers.ts';
import { sherpaRecogniserConfig, sherpaVoicesConfig } from './sherpa-config.ts';

it('a model that listens is a folder', () => {
  const environment = { STT: 'sherpa,offline', SHERPA_RECOGNISER_FOLDER: '/models/zipformer' };
  expect(chooseProviders(environment).stt).toEqual(['sherpa', 'offline']);
  expect(sherpaRecogniserConfig(environment)).toEqual({ folder: '/models/zipformer' });
});

it('each part needs its own folder', () => {
  const environment = { STT: 'sherpa', TTS: 'sherpa', SHERPA_VOICES_FOLDER: '/models/kokoro' };
  expect(() => chooseProviders(environment)).toThrow(
    /^STT names sherpa, but SHERPA_RECOGNISER_FOLDER is not set[^\n]*$/,
  );
  expect(() => sherpaRecogniserConfig(environment)).toThrow(/SHERPA_RECOGNISER_FOLDER is not set/);
});

it('a model that speaks is a folder, and speakers by number', () => {
  const environment = { TTS: 'sherpa,offline', SHERPA_VOICES_FOLDER: '/models/kokoro' };
  expect(chooseProviders(environment).tts).toEqual(['sherpa', 'offline']);
  expect(sherpaVoicesConfig(environment)).toEqual({
    folder: '/models/kokoro',
    speakers: { bright: 0, deep: 5 },
  });
  expect(sherpaVoicesConfig({ ...environment, SHERPA_VOICE_DEEP: '6' }).speakers).toEqual({
    bright: 0,
    deep: 6,
  });
});

it('is never chosen by itself, and not without its folder', () => {
  expect(chooseProviders({ SHERPA_VOICES_FOLDER: '/models/kokoro' }).tts).toEqual(['offline']);
  expect(() => chooseProviders({ TTS: 'sherpa' })).toThrow(/SHERPA_VOICES_FOLDER is not set/);
  expect(() => sherpaVoicesConfig({})).toThrow(/SHERPA_VOICES_FOLDER is not set/);
});
