import { describe, expect, it } from 'vitest';
import { createSession } from './create-session.ts';

const created = { sessionId: 's', joinToken: 'j', connectUrl: 'ws://b/v1/connect' };

/** Answers by host; a host without an answer is down. */
function answers(byHost: Readonly<Record<string, Response>>) {
  const asked: string[] = [];
  const fetchAnswer: typeof fetch = (url) => {
    const { host } = url instanceof Request ? new URL(url.url) : new URL(url);
    asked.push(host);
    const answer = byHost[host];
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError('Failed to fetch'));
  };
  return { asked, fetch: fetchAnswer };
}

describe('starting a session', () => {
  it('asks the transport agents in order until one takes the call', async () => {
    const { asked, fetch } = answers({ b: Response.json(created), c: Response.json(created) });
    const session = await createSession(['http://a', 'http://b', 'http://c'], {
      audio: true,
      fetch,
    });
    expect(session).toEqual(created);
    expect(asked).toEqual(['a', 'b']);
  });

  it('is busy when one is busy and the others are down', async () => {
    const busy = Response.json({ error: { code: 'busy', message: 'full' } }, { status: 503 });
    const { fetch } = answers({ a: busy });
    await expect(
      createSession(['http://a', 'http://b'], { audio: true, fetch }),
    ).rejects.toMatchObject({ code: 'all-lines-busy', message: 'full', isRetryable: true });
  });

  it.each([
    [403, 'origin-refused'],
    [500, 'unreachable'],
  ])('fails with a reason on %i', async (status, code) => {
    const { fetch } = answers({ a: Response.json({}, { status }) });
    await expect(createSession(['http://a'], { audio: false, fetch })).rejects.toMatchObject({
      code,
    });
  });

  it('does not take an answer that it does not understand', async () => {
    const { fetch } = answers({ a: Response.json({ hello: 1 }) });
    await expect(createSession(['http://a'], { audio: true, fetch })).rejects.toMatchObject({
      code: 'version-mismatch',
    });
  });
});
