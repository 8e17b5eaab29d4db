import { closeCodes, type ServerMessage } from '@voicebus/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ScriptedSocket } from '../signalling/scripted-socket.ts';
import { Call, type CallChange } from './call.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const joined = (resumeToken: string): ServerMessage => ({
  type: 'joined',
  version: 1,
  sessionId: 's',
  resumeToken,
  routerRtpCapabilities: {},
  iceServers: [],
  serverMs: 1,
});

/** A text call whose sockets are the test's. */
function setUp() {
  const sockets: ScriptedSocket[] = [];
  const changes: CallChange[] = [];
  const tokens: string[] = [];
  const call = new Call({
    connectUrl: 'ws://test',
    entry: { joinToken: 'j' },
    media: null,
    lastEventSequence: () => 7,
    onResumeToken: (token) => tokens.push(token),
    onMessage: () => {},
    onChange: (change) => changes.push(change),
    createSocket: () => {
      const socket = new ScriptedSocket();
      sockets.push(socket);
      return socket;
    },
  });
  return { call, sockets, changes, tokens };
}

async function open() {
  const parts = setUp();
  const opened = parts.call.open();
  parts.sockets[0]?.opens();
  parts.sockets[0]?.says(joined('first'));
  await opened;
  return parts;
}

describe('a call', () => {
  it('comes back with its newest token, and asks for what it missed', async () => {
    const { sockets, changes, tokens } = await open();
    sockets[0]?.says({ type: 'resume-token', resumeToken: 'second' });
    sockets[0]?.closes(1006);
    await vi.advanceTimersByTimeAsync(0);
    sockets[1]?.opens();
    expect(sockets[1]?.sent).toMatchObject([
      { type: 'hello', resumeToken: 'second', lastEventSequence: 7 },
    ]);
    sockets[1]?.says(joined('third'));
    await vi.advanceTimersByTimeAsync(0);
    expect(changes.map(({ type }) => type)).toEqual(['media-ready', 'signalling-lost', 'resumed']);
    expect(tokens).toEqual(['first', 'second', 'third']);
  });

  it('gives up after half a minute, and says how long it tried', async () => {
    const { sockets, changes } = await open();
    sockets[0]?.closes(1006);
    for (let second = 0; second < 45; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      sockets.at(-1)?.closes(1006);
    }
    expect(changes.at(-1)).toMatchObject({
      type: 'failed',
      failure: { code: 'connection-lost' },
      lostMs: expect.toSatisfy((ms: number) => ms >= 30_000 && ms < 40_000),
    });
  });

  it('does not try where it makes no sense', async () => {
    const { sockets, changes } = await open();
    sockets[0]?.closes(closeCodes.replaced);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sockets).toHaveLength(1);
    expect(changes.at(-1)).toMatchObject({ type: 'failed', failure: { code: 'replaced' } });
  });
});

describe('a machine that wakes', () => {
  it('tries at once instead of waiting for its turn', async () => {
    const { call, sockets } = await open();
    sockets[0]?.closes(1006);
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await vi.advanceTimersByTimeAsync(3000);
      sockets.at(-1)?.closes(1006);
    }
    await vi.advanceTimersByTimeAsync(0);
    const before = sockets.length;
    await call.woke(5000);
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets.length).toBe(before + 1);
  });

  it('asks a line that looks open, and leaves it when it is silent', async () => {
    const { call, sockets, changes } = await open();
    const woke = call.woke(20_000);
    expect(sockets[0]?.sent.at(-1)).toMatchObject({ type: 'clock-ping' });
    await vi.advanceTimersByTimeAsync(2000);
    await woke;
    sockets[1]?.opens();
    sockets[1]?.says(joined('second'));
    await vi.advanceTimersByTimeAsync(0);
    expect(changes.map(({ type }) => type)).toEqual(['media-ready', 'signalling-lost', 'resumed']);
  });

  it('keeps a line that answers', async () => {
    const { call, sockets, changes } = await open();
    const woke = call.woke(70_000);
    sockets[0]?.says({ type: 'clock-pong', clientMs: 0, serverMs: 0 });
    await woke;
    await vi.advanceTimersByTimeAsync(5000);
    expect(sockets).toHaveLength(1);
    expect(changes.map(({ type }) => type)).toEqual(['media-ready']);
  });

  it('says that it slept when the call is over, and only then', async () => {
    const { call, sockets, changes } = await open();
    void call.woke(600_000);
    await vi.advanceTimersByTimeAsync(2000);
    sockets[1]?.opens();
    sockets[1]?.closes(closeCodes.sessionGone);
    await vi.advanceTimersByTimeAsync(0);
    expect(changes.at(-1)).toMatchObject({ type: 'failed', failure: { code: 'slept' } });

    const short = await open();
    void short.call.woke(10_000);
    await vi.advanceTimersByTimeAsync(2000);
    short.sockets[1]?.opens();
    short.sockets[1]?.closes(closeCodes.sessionGone);
    await vi.advanceTimersByTimeAsync(0);
    expect(short.changes.at(-1)).toMatchObject({ failure: { code: 'session-gone' } });
  });
});
