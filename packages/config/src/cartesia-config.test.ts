import { describe, expect, it } from 'vitest';
import { cartesiaConfig } from './cartesia-config.ts';

describe("Cartesia's settings", () => {
  it('are its key alone', () => {
    expect(cartesiaConfig({ CARTESIA_API_KEY: 'sk_car_x' })).toEqual({
      apiKey: 'sk_car_x',
      baseUrl: null,
      model: null,
      voices: {},
      language: null,
    });
  });

  it('name what is not the usual', () => {
    const environment = {
      CARTESIA_API_KEY: 'sk_car_x',
      CARTESIA_BASE_URL: 'http://127.0.0.1:8080/',
      CARTESIA_MODEL: 'sonic-3',
      CARTESIA_VOICE_DEEP: 'some-id',
      CARTESIA_LANGUAGE: 'de',
    };
    expect(cartesiaConfig(environment)).toEqual({
      apiKey: 'sk_car_x',
      baseUrl: 'http://127.0.0.1:8080',
      model: 'sonic-3',
      voices: { deep: 'some-id' },
      language: 'de',
    });
  });

  it.each([
    [{}, /CARTESIA_API_KEY is not set/],
    [{ CARTESIA_API_KEY: 'x', CARTESIA_BASE_URL: 'wss://there' }, /CARTESIA_BASE_URL: is no http/],
    [{ CARTESIA_API_KEY: 'x', CARTESIA_LANGUAGE: 'English' }, /CARTESIA_LANGUAGE: is no language/],
  ])('are refused with what to do: %o', (environment, message) => {
    expect(() => cartesiaConfig(environment)).toThrow(message);
  });
});
