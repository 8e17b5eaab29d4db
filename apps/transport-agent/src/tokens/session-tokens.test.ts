import { systemClock } from '@voicebus/core';
import { describe, expect, it, vi } from 'vitest';
import { SessionTokens } from './session-tokens.ts';

const tokens = () => new SessionTokens('s'.repeat(32), systemClock);

describe('session tokens', () => {
  it('let in once', async () => {
    const issuer = tokens();
    const token = await issuer.createJoin({ sessionId: 'one', audio: true });
    expect(await issuer.useJoin(token)).toEqual({ sessionId: 'one', audio: true });
    await expect(issuer.useJoin(token)).rejects.toThrow('used before');
  });

  it('are refused when forged, foreign or of the other kind', async () => {
    const issuer = tokens();
    const foreign = await new SessionTokens('f'.repeat(32), systemClock).createJoin({
      sessionId: 'one',
      audio: true,
    });
    await expect(issuer.useJoin(foreign)).rejects.toThrow('not valid');
    await expect(issuer.useJoin('nonsense')).rejects.toThrow('not valid');
    const resume = await issuer.rotateResume('one');
    await expect(issuer.useJoin(resume)).rejects.toThrow('not valid');
  });

  it('expire after a minute', async () => {
    const issuer = tokens();
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const token = await issuer.createJoin({ sessionId: 'one', audio: true });
      vi.setSystemTime(Date.now() + 61_000);
      await expect(issuer.useJoin(token)).rejects.toThrow('not valid');
    } finally {
      vi.useRealTimers();
    }
  });

  it('rotate: only the newest resume token is good, until the session is forgotten', async () => {
    const issuer = tokens();
    const first = await issuer.rotateResume('one');
    const second = await issuer.rotateResume('one');
    await expect(issuer.useResume(first)).rejects.toThrow('newest');
    expect(await issuer.useResume(second)).toBe('one');
    issuer.forget('one');
    await expect(issuer.useResume(second)).rejects.toMatchObject({ code: 'session-ended' });
  });
});
