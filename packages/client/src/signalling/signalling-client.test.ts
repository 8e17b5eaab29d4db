import { closeCodes, type ServerMessage } from '@voicebus/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallError } from '../failure.ts';
import { ScriptedSocket } from './scripted-socket.ts';
import { SignallingClient } from './signalling-client.ts';

const joined: ServerMessage = {
  type: 'joined',
  version: 1,
  sessionId: 's',
  resumeToken: 'r',
  routerRtpCapabilities: {},
  iceServers: [],
  serverMs: 1,
};

function setUp() {
  const socket = new ScriptedSocket();
  const messages: ServerMessage[] = [];
  const closed: CallError[] = [];
  const client = new SignallingClient({
    url: 'ws://test',
    token: { joinToken: 'j' },
    onMessage: (message) => messages.push(message),
    onClosed: (failure) => closed.push(failure),
    createSocket: () => socket,
  });
  return { socket, client, messages, closed };
}

async function join() {
  const parts = setUp();
  const open = parts.client.open();
  parts.socket.opens();
  parts.socket.says(joined);
  await open;
  return parts;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('joining', () => {
  it('says hello first and nothing before it was let in', async () => {
    const { socket, client } = setUp();
    const open = client.open();
    socket.opens();
    expect(socket.sent).toMatchObject([{ type: 'hello', version: 1, joinToken: 'j' }]);
    expect(client.send({ type: 'interrupt' })).toBe(false);
    socket.says(joined);
    await expect(open).resolves.toMatchObject({ sessionId: 's' });
    expect(client.send({ type: 'interrupt' })).toBe(true);
  });

  it.each([
    [closeCodes.badToken, 'token-refused'],
    [closeCodes.foreignOrigin, 'origin-refused'],
    [closeCodes.sessionGone, 'session-gone'],
    [closeCodes.shuttingDown, 'shutting-down'],
    [1006, 'connection-lost'],
  ])('fails with a reason when it is closed with %i', async (code, reason) => {
    const { socket, client, closed } = setUp();
    const open = client.open();
    socket.closes(code);
    await expect(open).rejects.toMatchObject({ code: reason });
    expect(closed).toEqual([]);
  });

  it('does not wait for ever', async () => {
    const { client } = setUp();
    const open = client.open();
    const failed = expect(open).rejects.toMatchObject({ code: 'timed-out' });
    await vi.advanceTimersByTimeAsync(8000);
    await failed;
  });

  it('prefers what the server said over the close code', async () => {
    const { socket, client } = setUp();
    const open = client.open();
    socket.opens();
    socket.says({ type: 'error', code: 'version-mismatch', message: 'old', fatal: true });
    socket.closes(closeCodes.badMessage);
    await expect(open).rejects.toMatchObject({ code: 'version-mismatch', message: 'old' });
  });
});

describe('requests', () => {
  it('get their own reply, in any order', async () => {
    const { socket, client } = await join();
    const first = client.request({ type: 'create-transport', direction: 'send' });
    const second = client.request({ type: 'create-transport', direction: 'receive' });
    socket.says({ type: 'reply', id: 2, data: { id: 'b' } });
    socket.says({ type: 'reply', id: 1, data: { id: 'a' } });
    await expect(first).resolves.toEqual({ id: 'a' });
    await expect(second).resolves.toEqual({ id: 'b' });
  });

  it('fail with the reason of the server', async () => {
    const { socket, client } = await join();
    const request = client.request({ type: 'consume-data', transportId: 't' });
    socket.says({ type: 'failure', id: 1, code: 'no-such-transport', message: 'unknown' });
    await expect(request).rejects.toMatchObject({ code: 'media-failed', message: 'unknown' });
  });

  it('fail when no reply comes, and when the socket closes', async () => {
    const { socket, client, closed } = await join();
    const slow = client.request({ type: 'consume-data', transportId: 't' });
    const failed = expect(slow).rejects.toMatchObject({ code: 'timed-out' });
    await vi.advanceTimersByTimeAsync(8000);
    await failed;
    const cut = client.request({ type: 'consume-data', transportId: 't' });
    socket.closes(1006);
    await expect(cut).rejects.toMatchObject({ code: 'connection-lost' });
    expect(closed).toMatchObject([{ code: 'connection-lost' }]);
  });

  it('fail at once on a closed socket', async () => {
    const { client, closed } = await join();
    client.close();
    const request = client.request({ type: 'consume-data', transportId: 't' });
    await expect(request).rejects.toMatchObject({ code: 'connection-lost' });
    expect(closed).toEqual([]);
  });
});

describe('messages', () => {
  it('are passed on; what this version does not know is not', async () => {
    const { socket, messages } = await join();
    socket.says({ type: 'suggestions', suggestions: ['Yes'] });
    socket.says({ type: 'from-the-future' });
    socket.says('no json');
    expect(messages).toEqual([{ type: 'suggestions', suggestions: ['Yes'] }]);
  });
});
