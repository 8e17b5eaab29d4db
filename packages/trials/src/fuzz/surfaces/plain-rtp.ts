import { createSocket, type Socket } from 'node:dgram';
import type { SeededRandom } from '@voicebus/testing';
import { PlainPath } from '@voicebus/testing/system';
import { startAttackedAgent } from '../attacked-agent.ts';
import { BadPage } from '../bad-page.ts';
import { anyBytes } from '../garbage/bytes.ts';
import { anyRtcpPacket, anyRtpPacket, type RtpPosition } from '../garbage/rtp.ts';
import type { Surface } from '../surface.ts';

/** Ports for plain RTP that get anything at all, from callers who lie and from strangers. */
export const plainRtp: Surface = {
  name: 'plain-rtp',
  concurrency: 4,
  open: async () => {
    const { url, agent, violations, close } = await startAttackedAgent({ PLAIN_RTP: 'on' });
    return {
      close,
      attack: (random) => attack(url, random),
      violations: async () => [
        ...(await violations()),
        ...(agent.output().includes('mediasoup worker died') ? ['a mediasoup worker died'] : []),
      ],
    };
  },
};

async function attack(url: string, random: SeededRandom): Promise<string> {
  const page = await BadPage.join(url);
  const path = await PlainPath.open({
    ask: (request) => page.ask(request),
    onPacket: () => {},
  });
  const stranger = new Stranger(path.remote.port);
  const isStrangerFirst = random.next() < 0.3;
  const position = { sequence: 1, timestamp: 1, ssrc: path.ssrc };
  try {
    page.send('{"type":"media-ready"}');
    if (isStrangerFirst) await stranger.send(anyDatagram(position, random));
    else path.sendBytes(anyRtcpPacket(path.ssrc, random));
    for (let count = random.between(10, 300); count > 0; count -= 1) {
      const datagram = anyDatagram(position, random);
      if (random.next() < 0.5) path.sendBytes(datagram);
      else await stranger.send(datagram);
      if (random.next() < 0.1) await new Promise((resolve) => setImmediate(resolve));
    }
    const outcome = await page.outcome();
    if (stranger.isSpokenTo && !isStrangerFirst)
      throw new Error('somebody else got the packets of a call');
    if (outcome === 'answered') page.send('{"type":"end-call"}');
    return isStrangerFirst ? `${outcome}, a stranger first` : outcome;
  } finally {
    stranger.close();
    await path.close();
    page.close();
  }
}

function anyDatagram(position: RtpPosition, random: SeededRandom): Buffer {
  const how = random.next();
  if (how < 0.2) return anyRtcpPacket(position.ssrc, random);
  if (how < 0.3) return anyBytes(random, random.between(0, 1_500));
  return anyRtpPacket(position, random);
}

/** Somebody who knows the port, and maybe the caller's ssrc. */
class Stranger {
  readonly #socket: Socket = createSocket('udp4');
  readonly #port: number;
  isSpokenTo = false;

  constructor(port: number) {
    this.#port = port;
    this.#socket.on('message', () => (this.isSpokenTo = true));
    // The call may be over.
    this.#socket.on('error', () => {});
  }

  send(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.send(bytes, this.#port, '127.0.0.1', () => resolve());
    });
  }

  close(): void {
    this.#socket.close();
  }
}
