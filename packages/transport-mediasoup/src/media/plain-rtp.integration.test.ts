import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { FakeClock } from '@voicebus/testing';
import { freePort, PlainPath, type MediaRequest } from '@voicebus/testing/system';
import { observer, type types } from 'mediasoup';
import { describe, expect, test, vi } from 'vitest';
import { parseRtpPacket, writeRtpPacket } from '../rtp/rtp-packet.ts';
import { MediaConnection } from './media-connection.ts';
import { MediasoupHost, type MediasoupHostOptions } from './mediasoup-host.ts';

const workerBin = process.env['MEDIASOUP_WORKER_BIN'];

async function startHost(options: Partial<MediasoupHostOptions> = {}): Promise<MediasoupHost> {
  return MediasoupHost.start({
    workers: 1,
    port: await freePort(),
    listenIp: '127.0.0.1',
    ...(workerBin === undefined ? {} : { workerBin }),
    ...options,
  });
}

/** A host with a port for one caller, a connection on it, and what was said into its microphone. */
async function open() {
  const parts = new AsyncDisposableStack();
  const port = await freePort();
  const plainRtp = { listenIp: '127.0.0.1', ports: { first: port, last: port } };
  const host = await startHost({ plainRtp });
  parts.defer(() => host.close());
  const clock = new FakeClock();
  const said: string[] = [];
  const states: string[] = [];
  const connect = async (): Promise<MediaConnection> => {
    const connection = await MediaConnection.open(
      { host, clock },
      {
        onMicrophone: (packet) => said.push(textOf(packet)),
        onMessage: () => {},
        onState: (state) => states.push(state),
      },
    );
    parts.defer(() => connection.close());
    return connection;
  };
  const heard: string[] = [];
  const call = async (connection: MediaConnection): Promise<PlainPath> => {
    const path = await PlainPath.open({
      ask: (request) => answer(connection, request),
      onPacket: ({ payload }) => heard.push(payload.toString()),
    });
    parts.defer(() => path.close());
    return path;
  };
  const stranger = createSocket('udp4');
  const strangerHeard: Buffer[] = [];
  stranger.on('message', (bytes) => strangerHeard.push(bytes));
  stranger.bind(0, '127.0.0.1');
  await once(stranger, 'listening');
  parts.defer(() => void stranger.close());
  return {
    clock,
    connect,
    call,
    said,
    heard,
    states,
    stranger: {
      heard: strangerHeard,
      port: stranger.address().port,
      send: (bytes: Buffer) => sendTo(stranger, bytes, port),
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function answer(
  connection: MediaConnection,
  request: MediaRequest,
): Promise<Record<string, unknown>> {
  switch (request.type) {
    case 'create-transport':
      return connection.createTransport(request.media ?? 'webrtc');
    case 'produce':
      return connection.produce(request.transportId, request.rtpParameters);
    case 'consume':
      return connection.consume(request.transportId, request.rtpCapabilities);
    default:
      throw new Error(`Nobody asks for ${request.type} over plain RTP.`);
  }
}

function sendTo(socket: Socket, bytes: Buffer, port: number): Promise<void> {
  return new Promise((resolve) => socket.send(bytes, port, '127.0.0.1', () => resolve()));
}

const textOf = (packet: Buffer): string =>
  Buffer.from(parseRtpPacket(packet)?.payload ?? []).toString();

/** Who the next host's first caller is, by mediasoup's word. */
function firstTuple(): Promise<types.TransportTuple> {
  const found = Promise.withResolvers<types.TransportTuple>();
  const seen = (transport: types.Transport): void => {
    if (transport.type === 'plain')
      (transport as types.PlainTransport).observer.once('tuple', found.resolve);
  };
  observer.once('newworker', (worker) =>
    worker.observer.on('newrouter', (router) => router.observer.on('newtransport', seen)),
  );
  return found.promise;
}

let sequence = 0;
/** A packet of somebody's microphone, with words where the sound would be. */
function packetOf(text: string, ssrc = 0, payloadType = 111): Buffer {
  sequence += 1;
  const timestamp = sequence * 960;
  const payload = Buffer.from(text);
  return writeRtpPacket({ payloadType, marker: false, sequence, timestamp, ssrc, payload });
}

function botPacket(connection: MediaConnection, text: string): Buffer {
  const { ssrc, payloadType } = connection.botStream;
  return packetOf(text, ssrc, payloadType);
}

describe('plain RTP over a real mediasoup worker', () => {
  test('one port carries both directions, from the first packet of the microphone on', async () => {
    await using it = await open();
    const connection = await it.connect();
    const path = await it.call(connection);
    expect(it.states).toEqual([]);
    path.send(packetOf('hello'));
    await connection.playable;
    expect(it.states).toEqual(['connected']);
    await vi.waitFor(() => expect(it.said).toEqual(['hello']));
    connection.sendSpeech(botPacket(connection, 'welcome'));
    await vi.waitFor(() => expect(it.heard).toEqual(['welcome']));
  });

  test('five seconds without a packet are a lost path, the next packet is the same path again', async () => {
    await using it = await open();
    const connection = await it.connect();
    const path = await it.call(connection);
    path.send(packetOf('hello'));
    await connection.playable;
    await it.clock.advance(4_999);
    expect(it.states).toEqual(['connected']);
    await it.clock.advance(1);
    expect(it.states).toEqual(['connected', 'disconnected']);
    path.send(packetOf('still there'));
    await vi.waitFor(() => expect(it.said).toEqual(['hello', 'still there']));
    expect(it.states).toEqual(['connected', 'disconnected', 'connected']);
    connection.close();
    expect(it.clock.pending).toBe(0);
  });

  test('who sends to the port of somebody else is neither heard nor spoken to', async () => {
    await using it = await open();
    const connection = await it.connect();
    const path = await it.call(connection);
    path.send(packetOf('first'));
    await connection.playable;
    const { address, port } = path.remote;
    expect(address).toBe('127.0.0.1');
    expect(port).toBeGreaterThan(0);
    await it.stranger.send(packetOf('let me in', path.ssrc));
    await it.stranger.send(packetOf('let me in', 4711));
    // RTCP's good-bye in the caller's name (RFC 3550, section 6.6), and no RTP at all.
    const bye = Buffer.from([0x81, 203, 0, 1, 0, 0, 0, 0]);
    bye.writeUInt32BE(path.ssrc, 4);
    await it.stranger.send(bye);
    for (const garbage of ['', 'x', '\u0000'.repeat(12), 'y'.repeat(2_000)])
      await it.stranger.send(Buffer.from(garbage));
    path.send(packetOf('last'));
    await vi.waitFor(() => expect(it.said).toContain('last'));
    expect(it.said).toEqual(['first', 'last']);
    connection.sendSpeech(botPacket(connection, 'for you alone'));
    await vi.waitFor(() => expect(it.heard).toEqual(['for you alone']));
    expect(it.stranger.heard).toEqual([]);
  });

  test('a stranger who is first hears nothing, and the caller takes another transport', async () => {
    const tuple = firstTuple();
    await using it = await open();
    const connection = await it.connect();
    const path = await it.call(connection);
    await it.stranger.send(packetOf('I was first', 4711));
    expect(await tuple).toMatchObject({ remotePort: it.stranger.port });
    expect(it.states).toEqual([]);
    connection.sendSpeech(botPacket(connection, 'not for you'));
    path.send(packetOf('too late'));
    // Only who knows the number that was told over signalling is the microphone.
    await it.stranger.send(packetOf('I know the number', path.ssrc));
    await connection.playable;
    await vi.waitFor(() => expect(it.said).toEqual(['I know the number']));
    connection.sendSpeech(botPacket(connection, 'now it is'));
    await vi.waitFor(() => expect(it.stranger.heard.map(textOf)).toEqual(['now it is']));
    connection.close();
    const again = await it.connect();
    const anew = await it.call(again);
    anew.send(packetOf('me again'));
    await again.playable;
    await vi.waitFor(() => expect(it.said.at(-1)).toBe('me again'));
  });

  test('a caller has one transport, without data channel, and its port is free once it is closed', async () => {
    await using it = await open();
    const connection = await it.connect();
    const { id } = await connection.createTransport('plain');
    const transportId = String(id);
    expect(connection.hasRoomFor('plain')).toBe(false);
    expect(connection.hasRoomFor('webrtc')).toBe(false);
    await expect(connection.createTransport('plain')).rejects.toMatchObject({ code: 'queue-full' });
    const badMessage = { code: 'bad-message' };
    await expect(connection.connectTransport(transportId, {})).rejects.toMatchObject(badMessage);
    await expect(connection.consumeData(transportId)).rejects.toMatchObject(badMessage);
    const asked = { parameters: {}, label: 'fast', protocol: '' };
    await expect(connection.produceData(transportId, asked)).rejects.toMatchObject(badMessage);
    const other = await it.connect();
    await expect(other.createTransport('plain')).rejects.toMatchObject({
      code: 'queue-full',
      isRetryable: true,
    });
    connection.close();
    await vi.waitFor(() => other.createTransport('plain'));
  });

  test('where it is not switched on nobody gets it, and WebRTC goes on', async () => {
    await using parts = new AsyncDisposableStack();
    const host = await startHost();
    parts.defer(() => host.close());
    const connection = await MediaConnection.open(
      { host, clock: new FakeClock() },
      { onMicrophone: () => {}, onMessage: () => {}, onState: () => {} },
    );
    expect(() => connection.hasRoomFor('plain')).toThrow(/PLAIN_RTP=on/);
    await expect(connection.createTransport('plain')).rejects.toMatchObject({
      code: 'not-enabled',
    });
    expect(await connection.createTransport('webrtc')).toHaveProperty('iceParameters');
  });

  test('callers are told the announced address, where there is one', async () => {
    await using parts = new AsyncDisposableStack();
    const port = await freePort();
    const ports = { first: port, last: port };
    // TEST-NET-1 (RFC 5737).
    const plainRtp = { listenIp: '127.0.0.1', announcedIp: '192.0.2.7', ports };
    const host = await startHost({ plainRtp });
    parts.defer(() => host.close());
    const connection = await MediaConnection.open(
      { host, clock: new FakeClock() },
      { onMicrophone: () => {}, onMessage: () => {}, onState: () => {} },
    );
    expect(await connection.createTransport('plain')).toEqual({
      id: expect.any(String),
      ip: '192.0.2.7',
      port,
    });
  });

  test('an address that this machine does not have is refused at the start', async () => {
    // TEST-NET-3: nobody has it (RFC 5737).
    const plainRtp = { listenIp: '203.0.113.1', ports: { first: 28_000, last: 28_001 } };
    await expect(startHost({ plainRtp })).rejects.toThrow(/28000 to 28001 .* 203\.0\.113\.1/);
  });
});
