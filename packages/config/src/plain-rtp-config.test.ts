import { describe, expect, test } from 'vitest';
import { transportAgentConfig } from './transport-agent-config.ts';

const plainRtp = (settings: Record<string, string>) =>
  transportAgentConfig({ VOICEBUS_SECRET: 'x'.repeat(32), ...settings }).plainRtp;

describe('plain RTP', () => {
  test('is off until it is asked for, whatever else is set', () => {
    expect(plainRtp({})).toBeNull();
    expect(plainRtp({ PLAIN_RTP_LISTEN_IP: '10.0.0.5' })).toBeNull();
  });

  test('listens to this machine alone, where nothing else is said', () => {
    const ports = { first: 28_000, last: 28_999 };
    expect(plainRtp({ PLAIN_RTP: 'on' })).toEqual({ listenIp: '127.0.0.1', ports });
    expect(
      plainRtp({
        PLAIN_RTP: 'on',
        PLAIN_RTP_LISTEN_IP: '0.0.0.0',
        PLAIN_RTP_ANNOUNCED_IP: '10.0.0.5',
        PLAIN_RTP_PORTS: '6000-6009',
      }),
    ).toEqual({
      listenIp: '0.0.0.0',
      announcedIp: '10.0.0.5',
      ports: { first: 6_000, last: 6_009 },
    });
  });

  test.each([
    [{ PLAIN_RTP: 'yes' }, /PLAIN_RTP: is not one of: off, on/],
    [{ PLAIN_RTP_LISTEN_IP: 'here' }, /PLAIN_RTP_LISTEN_IP: is no IP address/],
    [{ PLAIN_RTP: 'on', PLAIN_RTP_LISTEN_IP: '0.0.0.0' }, /set PLAIN_RTP_ANNOUNCED_IP/],
    [{ PLAIN_RTP_PORTS: '28000' }, /PLAIN_RTP_PORTS: is no range of ports/],
    [{ PLAIN_RTP_PORTS: '9-8' }, /PLAIN_RTP_PORTS: is no range of ports/],
    [{ PLAIN_RTP_PORTS: '9-80000' }, /PLAIN_RTP_PORTS: is no range of ports/],
  ])('refuses %o', (settings, why) => {
    expect(() => plainRtp(settings)).toThrow(why);
  });
});
