import { systemClock } from '@voicebus/core';
import {
  freePort,
  HeardSound,
  MediaPath,
  powerShareAt,
  SpokenMicrophone,
  tone,
  type Ask,
} from '@voicebus/testing/system';
import type { types } from 'mediasoup';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { Pacer } from '../loudspeaker/pacer.ts';
import { SpeechSender } from '../loudspeaker/speech-sender.ts';
import { MicrophoneStream } from '../microphone/microphone-stream.ts';
import { MediaConnection } from './media-connection.ts';
import { MediasoupHost } from './mediasoup-host.ts';

const died: number[] = [];
let host: MediasoupHost;
const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
beforeAll(async () => {
  host = await MediasoupHost.start({
    workers: 1,
    port: await freePort(),
    listenIp: '127.0.0.1',
    ...(workerBin === undefined ? {} : { workerBin }),
    onWorkerDied: (index) => died.push(index),
  });
});
afterAll(() => host.close());

/** Signalling without a socket: the requests are the connection's methods. */
const askOf =
  (connection: MediaConnection): Ask =>
  (request) => {
    switch (request.type) {
      case 'create-transport':
        return connection.createTransport(request.media ?? 'webrtc');
      case 'connect-transport':
        return connection.connectTransport(request.transportId, request.dtlsParameters);
      case 'produce':
        return connection.produce(request.transportId, request.rtpParameters);
      case 'produce-data':
        return connection.produceData(request.transportId, {
          parameters: request.sctpStreamParameters,
          label: request.label,
          protocol: request.protocol,
        });
      case 'consume':
        return connection.consume(request.transportId, request.rtpCapabilities);
      case 'consume-data':
        return connection.consumeData(request.transportId);
    }
  };

async function connect() {
  await using parts = new AsyncDisposableStack();
  const states: string[] = [];
  const said: string[] = [];
  const spoken: number[] = [];
  const microphone = await MicrophoneStream.create({
    clock: systemClock,
    onAudio: (pcm) => spoken.push(...pcm),
  });
  parts.defer(() => microphone.close());
  const connection = await MediaConnection.open(
    { host, clock: systemClock },
    {
      onMicrophone: (packet) => microphone.receive(packet),
      onMessage: (message) => said.push(message.toString()),
      onState: (state) => states.push(state),
    },
  );
  parts.defer(() => connection.close());
  const heard = await HeardSound.create();
  parts.defer(() => heard.close());
  const told: string[] = [];
  const path = await MediaPath.open({
    ask: askOf(connection),
    onPacket: ({ header, payload }) => heard.receive(header, payload),
    onMessage: (text) => told.push(text),
  });
  parts.defer(() => path.close());
  const owned = parts.move();
  return {
    connection,
    microphone,
    heard,
    path,
    states,
    said,
    spoken,
    told,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

describe('the media path over a real mediasoup worker', () => {
  test("a tone in the caller's microphone is that tone in the pipeline", async () => {
    await using call = await connect();
    const voice = await SpokenMicrophone.open((packet) => call.path.send(packet));
    await voice.say(tone(440, 1_000));
    await vi.waitFor(() => expect(call.spoken.length).toBeGreaterThan(17_000), 5_000);
    voice.close();
    const loud = Int16Array.from(call.spoken.filter((_, index) => index > 4_000).slice(0, 8_000));
    expect(powerShareAt(loud, 440)).toBeGreaterThan(0.95);
    expect(call.microphone.counters).toMatchObject({ invalid: 0, late: 0 });
    expect(call.states).toContain('connected');
  });

  test("the bot's tone is that tone at the caller's ear, in order and at its pace", async () => {
    await using call = await connect();
    const sender = new SpeechSender(call.connection.botStream);
    await sender.open(16_000);
    const sound = tone(330, 1_000);
    const pacer = new Pacer(systemClock);
    let position = 0;
    const leave = pacer.add((ticks, dueMs) => {
      sender.advance(ticks);
      const pcm = sound.subarray(position, position + 320);
      position += 320;
      const frame = { sampleRateHz: 16_000, turnId: 't', messageId: 'm', agent: 'greeter' };
      sender.send(pcm.length === 320 ? { pcm, ...frame } : null, dueMs);
    });
    await vi.waitFor(() => expect(call.heard.packets.length).toBeGreaterThanOrEqual(54), 5_000);
    leave();
    sender.close();
    const { packets } = call.heard;
    packets.slice(1).forEach(({ sequence }, index) => {
      expect((sequence - (packets[index]?.sequence ?? 0)) & 0xffff).toBe(1);
    });
    expect(packets[0]?.marker).toBe(true);
    const recording = call.heard.recording();
    expect(powerShareAt(recording.subarray(3_200, 12_800), 330)).toBeGreaterThan(0.95);
    const lastedMs = (packets[50]?.arrivedMs ?? 0) - (packets[0]?.arrivedMs ?? 0);
    expect(lastedMs).toBeGreaterThan(900);
    const timestampMs = ((packets[50]?.rtpTimestamp ?? 0) - (packets[0]?.rtpTimestamp ?? 0)) / 48;
    expect(timestampMs).toBeGreaterThanOrEqual(1_000);
  });

  test('messages go both ways on the data channel', async () => {
    await using call = await connect();
    call.path.sendMessage('{"type":"clock-ping"}');
    call.connection.sendMessage('{"type":"clock-pong"}');
    await vi.waitFor(() => {
      expect(call.said).toEqual(['{"type":"clock-ping"}']);
      expect(call.told).toEqual(['{"type":"clock-pong"}']);
    }, 5_000);
  });

  test('a browser gets two transports and no more', async () => {
    await using call = await connect();
    await expect(call.connection.createTransport('webrtc')).rejects.toMatchObject({
      code: 'queue-full',
    });
    await expect(call.connection.connectTransport('unknown', {})).rejects.toMatchObject({
      code: 'bad-message',
    });
  });

  /** What mediasoup's server still holds: not part of its public types. */
  const transports = async (): Promise<ReadonlyMap<string, types.WebRtcTransport>> => {
    const { server, release } = await host.open();
    release();
    return (server as unknown as { webRtcTransportsForTesting: Map<string, types.WebRtcTransport> })
      .webRtcTransportsForTesting;
  };

  test('nothing of a connection is left once it is closed', async () => {
    const before = (await transports()).size;
    const call = await connect();
    expect((await transports()).size).toBe(before + 2);
    await call[Symbol.asyncDispose]();
    expect((await transports()).size).toBe(before);
  });

  test('who asks again for the same replaces what they had', async () => {
    await using connection = new AsyncDisposableStack();
    const opened = await MediaConnection.open(
      { host, clock: systemClock },
      {
        onMicrophone: () => {},
        onMessage: () => {},
        onState: () => {},
      },
    );
    connection.defer(() => opened.close());
    const { id } = await opened.createTransport('webrtc');
    const transportId = String(id);
    for (let count = 0; count < 3; count += 1) {
      await opened.consume(transportId, {
        codecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
        headerExtensions: [],
      });
      await opened.consumeData(transportId);
      await opened.produceData(transportId, {
        parameters: { streamId: 0, ordered: true },
        label: 'fast',
        protocol: '',
      });
    }
    const dump = await (await transports()).get(transportId)?.dump();
    expect(dump?.consumerIds).toHaveLength(1);
    expect(dump?.dataConsumerIds).toHaveLength(1);
    expect(dump?.dataProducerIds).toHaveLength(1);
  });

  test('a killed mediasoup worker is replaced, its connections are told, and new ones work', async () => {
    await using before = await connect();
    const [pid = 0] = host.pids;
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(before.states).toContain('disconnected'), 5_000);
    expect(before.connection.isOpen).toBe(false);
    // What still wants to be sent is lost, and hurts nobody.
    before.connection.sendSpeech(Buffer.alloc(20));
    before.connection.sendMessage('too late');
    // Whoever comes before the next one is there waits for it.
    await using after = await connect();
    expect(host.pids).toHaveLength(1);
    expect(host.pids[0]).not.toBe(pid);
    expect(died).toEqual([0]);
    after.path.sendMessage('hello');
    await vi.waitFor(() => expect(after.said).toEqual(['hello']), 5_000);
  });
});
