import {
  closeCodes,
  createSessionResponseSchema,
  limits,
  protocolVersion,
} from '@voicebus/protocol';
import {
  scriptedProviders,
  startTransportAgentProcess,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSession, joinToken, RawSocket } from '../test-client/raw-socket.ts';

const secret = 'a secret of the tests, which is long enough';
let agent: TransportAgentProcess;
let connectUrl: string;
beforeAll(async () => {
  agent = await startTransportAgentProcess({
    env: { ...scriptedProviders, VOICEBUS_SECRET: secret },
  });
  connectUrl = `${agent.url.replace('http', 'ws')}/v1/connect`;
}, 40_000);
afterAll(() => agent.stop());

const hello = (token: object): object => ({ type: 'hello', version: protocolVersion, ...token });

async function join(token: object): Promise<RawSocket> {
  const socket = new RawSocket(connectUrl);
  await socket.opened;
  socket.send(hello(token));
  return socket;
}

describe('who may join', () => {
  test('a join token lets in once', async () => {
    const token = await joinToken(agent.url);
    const first = await join({ joinToken: token });
    const joined = await first.until('joined');
    expect(joined.version).toBe(protocolVersion);
    const second = await join({ joinToken: token });
    expect(await second.closed).toBe(closeCodes.badToken);
    expect(second.messages.at(-1)).toMatchObject({ code: 'bad-token', fatal: true });
    first.close();
  });

  test.each([
    ['nonsense', () => Promise.resolve('nonsense')],
    ['signed by somebody else', () => sign('another secret that is long enough')],
    ['expired', () => sign(secret, '-1s')],
    ['missing', () => Promise.resolve('')],
  ])('a token that is %s does not', async (_, token) => {
    const socket = await join({ joinToken: await token() });
    expect(await socket.closed).toBe(closeCodes.badToken);
  });

  test('a token for a place that nobody kept says that the call is over', async () => {
    const socket = await join({ joinToken: await sign(secret) });
    expect(await socket.closed).toBe(closeCodes.sessionGone);
  });

  test('a page of another version is told to reload', async () => {
    const socket = new RawSocket(connectUrl);
    await socket.opened;
    socket.send({ type: 'hello', version: protocolVersion + 1, joinToken: 'any' });
    const error = await socket.until('error');
    expect(error).toMatchObject({
      code: 'version-mismatch',
      fatal: true,
      message: expect.stringContaining('Reload'),
    });
    await socket.closed;
  });

  test('a foreign page gets no socket, ours does', async () => {
    const foreign = new RawSocket(connectUrl, 'https://evil.example');
    expect(await foreign.closed).toBe(403);
    const elsewhere = new RawSocket(connectUrl.replace('/connect', '/elsewhere'));
    expect(await elsewhere.closed).toBe(404);
    const ours = new RawSocket(connectUrl, 'http://localhost:3000');
    await ours.opened;
    ours.close();
  });

  test('who does not say hello is sent away after five seconds', async () => {
    const socket = new RawSocket(connectUrl);
    expect(await socket.closed).toBe(closeCodes.helloTimeout);
  });
});

describe('a page that misbehaves', () => {
  test.each([
    ['no JSON', 'no json at all'],
    ['an unknown type', { type: 'launch' }],
    ['a wrong field', { type: 'mute', muted: 'yes' }],
    ['words that are too long', { type: 'text-input', messageId: 'm', text: 'x'.repeat(2_001) }],
  ])('%s closes that socket and no other', async (_, message) => {
    const other = await VirtualCaller.call({ url: agent.url, audio: false });
    const socket = await join({ joinToken: await joinToken(agent.url) });
    await socket.until('joined');
    socket.send(message);
    expect(await socket.closed).toBe(closeCodes.badMessage);
    other.type('hello');
    await other.untilEvent('bot-heard');
    await other.close();
  });

  test('binary messages are no messages', async () => {
    const socket = await join({ joinToken: await joinToken(agent.url) });
    await socket.until('joined');
    socket.sendBytes(Buffer.from('{"type":"end-call"}'));
    expect(await socket.closed).toBe(closeCodes.badMessage);
  });

  test('a message above the limit is not read', async () => {
    const socket = await join({ joinToken: await joinToken(agent.url) });
    await socket.until('joined');
    socket.send('x'.repeat(limits.signallingMessageBytes + 1));
    // 1009: message too big.
    expect(await socket.closed).toBe(1009);
  });

  test('anything before hello is refused', async () => {
    const socket = new RawSocket(connectUrl);
    await socket.opened;
    socket.send({ type: 'end-call' });
    expect(await socket.closed).toBe(closeCodes.badMessage);
  });

  test('too many messages are too many', async () => {
    const socket = await join({ joinToken: await joinToken(agent.url) });
    await socket.until('joined');
    for (let count = 0; count < 6 * limits.signallingMessagesPerSecond; count += 1)
      socket.send({ type: 'clock-ping', clientMs: count });
    expect(await socket.closed).toBe(closeCodes.tooFast);
  });

  test('media in a text call is refused by an answer', async () => {
    const socket = await join({ joinToken: await joinToken(agent.url) });
    await socket.until('joined');
    socket.send({ type: 'create-transport', id: 7, direction: 'send' });
    expect(await socket.until('failure')).toMatchObject({ id: 7, code: 'bad-message' });
    socket.close();
  });

  test('plain RTP is refused where it is off, and the call goes on by WebRTC', async () => {
    const created = await createSession(agent.url, { body: '{"audio":true}' });
    const socket = await join({
      joinToken: createSessionResponseSchema.parse(await created.json()).joinToken,
    });
    await socket.until('joined');
    socket.send({ type: 'create-transport', id: 1, media: 'plain' });
    expect(await socket.until('failure')).toMatchObject({
      id: 1,
      code: 'not-enabled',
      message: expect.stringContaining('PLAIN_RTP=on'),
    });
    socket.send({ type: 'create-transport', id: 2, direction: 'send' });
    expect(await socket.until('reply')).toMatchObject({
      id: 2,
      data: { iceParameters: expect.anything() },
    });
    socket.close();
  });
});

describe('coming back', () => {
  test('a resume token brings the call back with what was missed, and is good once', async () => {
    const caller = await VirtualCaller.call({ url: agent.url, audio: false });
    await caller.untilEvent('bot-heard', { where: ({ heardCharacters }) => heardCharacters > 0 });
    const old = caller.resumeToken;
    await caller.loseSignalling();
    await caller.resume();
    expect(caller.resumeToken).not.toBe(old);
    caller.type('hello');
    await caller.untilEvent('transcript-final');
    expect(caller.events.of('session-started')).toHaveLength(1);
    expect(caller.events.of('caller-disconnected')).toHaveLength(1);
    expect(caller.events.duplicates).toBe(0);
    const sequences = caller.events.all.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    const again = await join({ resumeToken: old });
    expect(await again.closed).toBe(closeCodes.badToken);
    await caller.close();
  });

  test('another tab takes the call over', async () => {
    const caller = await VirtualCaller.call({ url: agent.url, audio: false });
    const tab = await join({ resumeToken: caller.resumeToken });
    await tab.until('joined');
    expect((await caller.ended).code).toBe(closeCodes.replaced);
    tab.send({ type: 'text-input', messageId: 'from-the-tab', text: 'hello' });
    await tab.until('events');
    tab.send({ type: 'end-call' });
    expect(await tab.until('ended')).toMatchObject({ reason: 'caller-ended' });
    await caller.close();
  });

  test('a call that is over cannot be resumed', async () => {
    const caller = await VirtualCaller.call({ url: agent.url, audio: false });
    caller.send({ type: 'end-call' });
    await caller.ended;
    const late = await join({ resumeToken: caller.resumeToken });
    expect(await late.closed).toBe(closeCodes.sessionGone);
    await caller.close();
  });
});

function sign(key: string, expires = '60s'): Promise<string> {
  return new SignJWT({ audio: false, jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('voicebus')
    .setAudience('join')
    .setSubject('a-session')
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(key));
}
