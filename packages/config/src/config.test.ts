import { describe, expect, it } from 'vitest';
import { transportAgentConfig } from './transport-agent-config.ts';
import { webConfig } from './web-config.ts';

const secret = 'x'.repeat(32);

describe('settings', () => {
  it('have defaults that work on one machine', () => {
    const config = transportAgentConfig({ VOICEBUS_SECRET: secret });
    expect(config).toMatchObject({
      port: 3001,
      host: '127.0.0.1',
      allowedOrigins: ['http://localhost:3000', 'http://127.0.0.1:3000'],
      maxSessions: 20,
      longestCallMs: 30 * 60_000,
      mediasoup: { port: 40_000, workers: 1, listenIp: '127.0.0.1' },
      providers: { stt: ['offline'], llm: ['offline'], tts: ['offline'] },
    });
  });

  it('list what is allowed when a value is unknown', () => {
    expect(() => transportAgentConfig({ VOICEBUS_SECRET: secret, STT: 'siri' })).toThrow(
      /STT: is not one of: deepgram, sherpa, offline, scripted/,
    );
    expect(() => transportAgentConfig({ VOICEBUS_SECRET: secret, BUS: 'carrier-pigeon' })).toThrow(
      /BUS: is not one of: local, redis/,
    );
    expect(() => transportAgentConfig({ VOICEBUS_SECRET: 'short' })).toThrow(/VOICEBUS_SECRET/);
    expect(() => transportAgentConfig({})).toThrow(/VOICEBUS_SECRET is not set/);
  });

  it('read lists and JSON', () => {
    const config = transportAgentConfig({
      VOICEBUS_SECRET: secret,
      ALLOWED_ORIGINS: 'https://a.example, https://b.example',
      ICE_SERVERS: '[{"urls":"turn:t.example"}]',
    });
    expect(config.allowedOrigins).toEqual(['https://a.example', 'https://b.example']);
    expect(config.iceServers).toEqual([{ urls: 'turn:t.example' }]);
    expect(() => transportAgentConfig({ VOICEBUS_SECRET: secret, ICE_SERVERS: 'no' })).toThrow(
      /ICE_SERVERS: is not JSON/,
    );
  });

  it('tell the page where the transport agents are and what is offline', () => {
    expect(webConfig({ TRANSPORT_PORT: '4001' })).toEqual({
      transportUrls: ['http://localhost:4001'],
      offline: { stt: true, llm: true, tts: true },
    });
    expect(
      webConfig({ TRANSPORT_URLS: 'https://one.example,https://two.example' }).transportUrls,
    ).toHaveLength(2);
  });
});
