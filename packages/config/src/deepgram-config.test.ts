import { describe, expect, it } from 'vitest';
import { deepgramConfig } from './deepgram-config.ts';

describe("Deepgram's settings", () => {
  it('are its key alone', () => {
    expect(deepgramConfig({ DEEPGRAM_API_KEY: 'k' })).toEqual({
      apiKey: 'k',
      baseUrl: null,
      model: null,
      language: null,
      keyterms: [],
    });
  });

  it('name what is not the usual', () => {
    const environment = {
      DEEPGRAM_API_KEY: 'k',
      DEEPGRAM_BASE_URL: 'http://127.0.0.1:8080/',
      DEEPGRAM_MODEL: 'nova-3',
      DEEPGRAM_LANGUAGE: 'en-GB',
      DEEPGRAM_KEYTERMS: 'Voicebus, desk lamp',
    };
    expect(deepgramConfig(environment)).toEqual({
      apiKey: 'k',
      baseUrl: 'http://127.0.0.1:8080',
      model: 'nova-3',
      language: 'en-GB',
      keyterms: ['Voicebus', 'desk lamp'],
    });
  });

  it.each([
    [{}, /DEEPGRAM_API_KEY is not set/],
    [{ DEEPGRAM_API_KEY: 'k', DEEPGRAM_BASE_URL: 'ftp://there' }, /DEEPGRAM_BASE_URL: is no http/],
    [{ DEEPGRAM_API_KEY: 'k', DEEPGRAM_MODEL: 'nova 3' }, /DEEPGRAM_MODEL: is no name/],
    [{ DEEPGRAM_API_KEY: 'k', DEEPGRAM_LANGUAGE: 'German' }, /DEEPGRAM_LANGUAGE: is no language/],
    [{ DEEPGRAM_API_KEY: 'k', DEEPGRAM_LANGUAGE: 'de' }, /DEEPGRAM_LANGUAGE is for Nova/],
  ])('are refused with what to do: %o', (environment, message) => {
    expect(() => deepgramConfig(environment)).toThrow(message);
  });
});
