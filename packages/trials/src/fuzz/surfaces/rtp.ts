import { FakeClock, type SeededRandom } from '@voicebus/testing';
import { MicrophoneStream } from '@voicebus/transport-mediasoup';
import { anyRtpPacket, type RtpPosition } from '../garbage/rtp.ts';
import type { Surface } from '../surface.ts';

/** What came at once after a stall, one hole that is filled, and a fast clock's share. */
const aheadMs = (elapsedMs: number): number => 10_000 + 2_100 + 0.03 * elapsedMs;

/** RTP of a microphone that lies, breaks off and jumps, given to the stream that decodes it. */
export const rtp: Surface = {
  name: 'rtp',
  concurrency: 1,
  open: () =>
    Promise.resolve({
      attack,
      violations: () => Promise.resolve([]),
      close: () => Promise.resolve(),
    }),
};

/** Hundreds of packets of one microphone; what comes out is gapless sound, and no more than time allows. */
async function attack(random: SeededRandom): Promise<string> {
  const clock = new FakeClock();
  let soundMs = 0;
  let wrong: string | null = null;
  const stream = await MicrophoneStream.create({
    clock,
    onAudio: (pcm, captureMs) => {
      soundMs += pcm.length / 16;
      if (!Number.isFinite(captureMs)) wrong = `sound captured at ${captureMs}`;
      if (pcm.length === 0 || pcm.length > 2_100 * 16) wrong = `${pcm.length} samples at once`;
    },
  });
  const position: RtpPosition = { sequence: 65_500, timestamp: 0xffff_f000, ssrc: 7 };
  // At the pace of a microphone, in bursts, or as fast as a socket takes them.
  const pauses = random.pick([[20], [0, 0, 0, 20, 60, 500], [0]]);
  for (let count = random.between(1, 400); count > 0; count -= 1) {
    stream.receive(anyRtpPacket(position, random));
    await clock.advance(random.pick(pauses));
    if (soundMs > clock.now() + aheadMs(clock.now()))
      throw new Error(`${soundMs} ms of sound in ${clock.now()} ms`);
    if (wrong !== null) throw new Error(wrong);
  }
  const { excess, invalid } = stream.counters;
  stream.close();
  await clock.advance(1_000);
  if (clock.pending > 0) throw new Error(`${clock.pending} timers are left`);
  if (excess > 0) return 'too much dropped';
  return invalid > 0 ? 'no Opus dropped' : 'heard';
}
