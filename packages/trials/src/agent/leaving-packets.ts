import { Socket } from 'node:dgram';
import { BroadcastChannel } from 'node:worker_threads';
import { systemClock, VoicebusError, withDeadline } from '@voicebus/core';

const channelName = 'packets that left';
/** More is no use to anybody: an hour of forty callers, a third of them spoken to. */
const most = 2_500_000;
/** The other thread only has to copy them. */
const answerMs = 10_000;

/** In a thread that sends: notes when each packet leaves, from now on, for whoever asks. */
export function noteLeavingPackets(): void {
  let leaving: [rtpTimestamp: number, atMs: number][] = [];
  const send = Reflect.get(Socket.prototype, 'send') as (...given: unknown[]) => void;
  const sendAndNote = function sendAndNote(this: Socket, packet: Buffer, ...rest: unknown[]): void {
    send.call(this, packet, ...rest);
    if (leaving.length < most) leaving.push([packet.readUInt32BE(4), performance.now()]);
  };
  Reflect.set(Socket.prototype, 'send', sendAndNote);
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }: { data: unknown }) => {
    // Only one of the process's threads sends.
    if (data !== 'take' || leaving.length === 0) return;
    channel.postMessage(leaving);
    leaving = [];
  };
  channel.unref();
}

/** When each packet left since the last time, by its RTP timestamp; in milliseconds of the sending thread's clock. */
export async function takeLeftPackets(): Promise<ReadonlyMap<number, number>> {
  const channel = new BroadcastChannel(channelName);
  const taken = Promise.withResolvers<[number, number][]>();
  channel.onmessage = ({ data }: { data: unknown }) => taken.resolve(data as [number, number][]);
  channel.postMessage('take');
  try {
    const left = await withDeadline(taken.promise, {
      clock: systemClock,
      limitMs: answerMs,
      error: () => new VoicebusError('deadline', 'No thread says when packets left.'),
    });
    return new Map(left);
  } finally {
    channel.close();
  }
}
