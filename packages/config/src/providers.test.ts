import { describe, expect, it } from 'vitest';
import { agentConfig } from './agent-config.ts';
import { chooseProviders, choosesOffline } from './providers.ts';
import { transportAgentConfig } from './transport-agent-config.ts';

describe('providers', () => {
  it('are offline as long as nobody has a key', () => {
    expect(chooseProviders({})).toEqual({
      stt: ['offline'],
      llm: ['offline'],
      tts: ['offline'],
      vad: 'silero',
    });
  });

  it('become the real service by its key alone, each part on its own', () => {
    expect(chooseProviders({ OPENAI_API_KEY: 'k' })).toMatchObject({
      stt: ['offline'],
      llm: ['openai', 'offline'],
      tts: ['offline'],
    });
    const all = {
      DEEPGRAM_API_KEY: 'k',
      OPENAI_BASE_URL: 'http://[::1]:1/v1',
      CARTESIA_API_KEY: 'k',
    };
    expect(chooseProviders(all)).toMatchObject({
      stt: ['deepgram', 'offline'],
      llm: ['openai', 'offline'],
      tts: ['cartesia', 'offline'],
    });
  });

  it('are used in the order in which they are named', () => {
    const named = {
      STT: 'offline, deepgram',
      LLM: 'offline',
      DEEPGRAM_API_KEY: 'k',
      OPENAI_API_KEY: 'k',
    };
    expect(chooseProviders(named)).toMatchObject({
      stt: ['offline', 'deepgram'],
      llm: ['offline'],
    });
  });

  it.each([
    ['siri', /LLM: is not one of: openai, offline, scripted/],
    ['offline,siri', /LLM: is not one of: openai, offline, scripted/],
    [',', /LLM: is empty/],
    ['offline,offline', /LLM: names something twice/],
    ['openai', /LLM names openai, but OPENAI_API_KEY or OPENAI_BASE_URL is not set/],
  ])('named %s are refused with what helps', (LLM, message) => {
    expect(() => chooseProviders({ LLM })).toThrow(message);
  });

  it('that have no key are all named at once', () => {
    expect(() => chooseProviders({ STT: 'deepgram,offline', TTS: 'cartesia' })).toThrow(
      /DEEPGRAM_API_KEY is not set[^]*CARTESIA_API_KEY is not set/,
    );
  });

  it('need a key where they are opened, and nowhere else', () => {
    const named = { LLM: 'openai', TTS: 'cartesia' };
    expect(chooseProviders(named, []).llm).toEqual(['openai']);
    expect(() => chooseProviders(named, ['llm'])).toThrow(/^LLM names openai[^\n]*$/);
    expect(choosesOffline(named)).toEqual({ stt: true, llm: false, tts: false });
    const agents = { BUS: 'redis', VOICEBUS_SECRET: 'x'.repeat(32), LLM: 'openai' };
    expect(transportAgentConfig(agents).providers.llm).toEqual(['openai']);
    expect(() => agentConfig({}, agents)).toThrow(/OPENAI_API_KEY/);
  });

  it('are labelled offline by the first choice', () => {
    expect(
      choosesOffline({ OPENAI_API_KEY: 'k', STT: 'offline,deepgram', DEEPGRAM_API_KEY: 'k' }),
    ).toEqual({ stt: true, llm: false, tts: true });
  });
});
