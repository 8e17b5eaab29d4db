import { once } from 'node:events';
import { connect } from 'node:net';
import {
  registrySnapshotSchema,
  sessionEventsSnapshotSchema,
  sessionsSnapshotSchema,
} from '@voicebus/protocol';
import {
  scriptedProviders,
  startTransportAgentProcess,
  VirtualCaller,
  within,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EventStream } from '../test-client/event-stream.ts';
import { createSession } from '../test-client/raw-socket.ts';

let agent: TransportAgentProcess;
beforeAll(async () => {
  agent = await startTransportAgentProcess({ env: { ...scriptedProviders, MAX_SESSIONS: '3' } });
}, 40_000);
afterAll(() => agent.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${agent.url}${path}`, { headers });
const sequencesOf = (stream: EventStream): number[] =>
  stream.received.map(({ data }) => Number(data['sequence']));
const text = (): Promise<VirtualCaller> => VirtualCaller.call({ url: agent.url, audio: false });
const end = async (caller: VirtualCaller): Promise<void> => {
  caller.send({ type: 'end-call' });
  await caller.ended;
  await caller.close();
};

describe('new calls', () => {
  test('foreign pages may not, and ours are told that they may', async () => {
    const foreign = await createSession(agent.url, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect(await foreign.json()).toMatchObject({ error: { code: 'foreign-origin' } });
    const preflight = await fetch(`${agent.url}/v1/sessions`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:3000',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
  });

  test.each([
    [400, 'no JSON', '{'],
    [400, 'no session request', '{"audio":"loud"}'],
    [413, 'too large', JSON.stringify({ audio: true, more: 'x'.repeat(20_000) })],
  ])('%i for a body that is %s', async (status, _, body) => {
    const response = await createSession(agent.url, { body });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: 'bad-request' } });
  });

  test('above MAX_SESSIONS all lines are busy, until one is free', async () => {
    const callers = await Promise.all([text(), text(), text()]);
    const busy = await createSession(agent.url);
    expect(busy.status).toBe(503);
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await busy.json()).toMatchObject({ error: { code: 'queue-full' } });
    // Whoever is in is served to the end, by every agent.
    callers[0].type('I need support');
    await callers[0].untilEvent('handoff-active', { where: ({ to }) => to === 'support' });
    await Promise.all(callers.map(end));
    await end(await text());
  });
});

describe('a peer that misbehaves', () => {
  const raw = async (lines: readonly string[]): Promise<string> => {
    const { hostname, port } = new URL(agent.url);
    const socket = connect(Number(port), hostname);
    let answer = '';
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.write([...lines, '', ''].join('\r\n'));
    await within(once(socket, 'close'), 5_000, 'the socket to close');
    return answer;
  };

  test('a Host that is no address is refused', async () => {
    const lines = ['POST /v1/sessions HTTP/1.1', 'Host: [', 'Content-Length: 0'];
    expect(await raw([...lines, 'Connection: close'])).toContain('400 Bad Request');
  });

  test('an upgrade to no address is refused', async () => {
    const upgrade = ['Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket'];
    expect(await raw(['GET //[ HTTP/1.1', ...upgrade])).toContain('404 Not Found');
  });

  test('who vanishes in the middle of a refused upgrade hurts nobody', async () => {
    const { hostname, port } = new URL(agent.url);
    for (let count = 0; count < 20; count += 1) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write('GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
      socket.once('data', () => socket.resetAndDestroy());
      await within(once(socket, 'close'), 5_000, 'the socket to close');
    }
    expect((await get('/healthz')).status).toBe(200);
  });

  test('the head of an event stream has an end', async () => {
    const response = await fetch(`${agent.url}/v1/registry`, {
      method: 'HEAD',
      headers: { accept: 'text/event-stream' },
      signal: AbortSignal.timeout(5_000),
    });
    expect(response.status).toBe(200);
  });
});

describe('observation', () => {
  test('the channel shows its runners and their workers', async () => {
    const { runners } = registrySnapshotSchema.parse(await (await get('/v1/registry')).json());
    expect(runners.map(({ role }) => role).toSorted()).toEqual(['agents', 'transport-agent']);
    const names = runners.flatMap(({ workers }) => workers.map(({ name }) => name));
    expect(names).toEqual(expect.arrayContaining(['greeter', 'support']));
  });

  test('a call appears in the stream of sessions, and nothing is left out', async () => {
    const stream = await EventStream.open(`${agent.url}/v1/sessions`);
    const caller = await text();
    caller.type('hello');
    await caller.untilEvent('transcript-final');
    await end(caller);
    await stream.until((received) =>
      received.some(({ data }) => {
        const session = data['session'] as Record<string, unknown> | undefined;
        return session?.['sessionId'] === caller.sessionId && session['endReason'] !== null;
      }),
    );
    const sequences = sequencesOf(stream);
    expect(sequences).toEqual(sequences.map((_, index) => (sequences[0] ?? 0) + index));
    stream.close();
    const rows = sessionsSnapshotSchema.parse(await (await get('/v1/sessions')).json()).sessions;
    expect(rows.find(({ sessionId }) => sessionId === caller.sessionId)).toMatchObject({
      endReason: 'caller-ended',
      turns: 1,
      media: 'text',
    });
  });

  test("a call's events come as a snapshot and then one by one, without a gap", async () => {
    const caller = await text();
    await caller.untilEvent('bot-heard');
    const stream = await EventStream.open(`${agent.url}/v1/sessions/${caller.sessionId}/events`);
    caller.type('I need support');
    await caller.untilEvent('handoff-active', { where: ({ to }) => to === 'support' });
    await end(caller);
    await stream.until((received) => received.some(({ data }) => data['type'] === 'session-ended'));
    const [first, ...later] = stream.received;
    const snapshot = sessionEventsSnapshotSchema.parse(first?.data);
    const sequences = [
      ...snapshot.events.map(({ sequence }) => sequence),
      ...later.map(({ data }) => Number(data['sequence'])),
    ];
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    expect(new Set(later.map(({ event }) => event))).toEqual(new Set(['event']));
    stream.close();
    const after = await get(`/v1/sessions/${caller.sessionId}/events`);
    const whole = sessionEventsSnapshotSchema.parse(await after.json());
    expect(whole.events).toHaveLength(sequences.length);
  });

  test('nobody knows a call that never was', async () => {
    expect((await get('/v1/sessions/unknown/events')).status).toBe(404);
    const stream = EventStream.open(`${agent.url}/v1/sessions/unknown/events`);
    await expect(stream).rejects.toThrow('404');
    expect((await get('/nothing-here')).status).toBe(404);
  });

  test('a foreign page sees nothing', async () => {
    for (const path of ['/v1/registry', '/v1/sessions', '/v1/sessions/x/events'])
      expect((await get(path, { origin: 'https://evil.example' })).status).toBe(403);
  });
});

describe('health', () => {
  test('is well and ready', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect(await (await get('/readyz')).json()).toMatchObject({ ready: true });
  });

  test('counts calls, for Prometheus', async () => {
    const metric = async (name: string): Promise<number> => {
      const body = await (await get('/metrics')).text();
      return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(body)?.[1] ?? 0);
    };
    const name = 'voicebus_sessions_ended_total\\{reason="caller-ended"\\}';
    const before = await metric(name);
    const caller = await text();
    expect(await metric('voicebus_sessions')).toBe(1);
    await end(caller);
    expect(await metric('voicebus_sessions')).toBe(0);
    expect(await metric(name)).toBe(before + 1);
  });
});
