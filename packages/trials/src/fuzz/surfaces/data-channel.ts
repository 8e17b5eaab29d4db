import { type SeededRandom } from '@voicebus/testing';
import { MediaPath } from '@voicebus/testing/system';
import { startAttackedAgent } from '../attacked-agent.ts';
import { BadPage } from '../bad-page.ts';
import { anyRtpPacket } from '../garbage/rtp.ts';
import { anyMessageText } from '../garbage/signalling.ts';
import type { Surface } from '../surface.ts';

/** Pages with a real media path that send nonsense over it: messages and sound. */
export const dataChannel: Surface = {
  name: 'data-channel',
  // Each is two WebRTC connections; more of them measure the client.
  concurrency: 2,
  open: async () => {
    const { url, violations, close } = await startAttackedAgent();
    return { violations, close, attack: (random) => attack(url, random) };
  },
};

async function attack(url: string, random: SeededRandom): Promise<string> {
  const page = await BadPage.join(url);
  const received: string[] = [];
  const path = await MediaPath.open({
    ask: (request) => page.ask(request),
    onPacket: () => {},
    onMessage: (text) => received.push(text),
  });
  try {
    page.send('{"type":"media-ready"}');
    const position = { sequence: 1, timestamp: 1, ssrc: 1 };
    for (let count = random.between(10, 300); count > 0; count -= 1) {
      if (random.next() < 0.5) path.sendMessage(anyMessageText(random, []));
      else {
        const packet = anyRtpPacket(position, random);
        if (isSendable(packet)) tryToSend(path, packet);
      }
      if (random.next() < 0.1) await new Promise((resolve) => setImmediate(resolve));
    }
    const outcome = await page.outcome();
    if (outcome === 'answered') page.send('{"type":"end-call"}');
    return outcome;
  } finally {
    await path.close();
    page.close();
  }
}

/** The client reads what it sends, and does not get over a header that lies; the decoder is attacked by `rtp`. */
function isSendable(packet: Buffer): boolean {
  return packet.length > 12 && packet.readUInt8(0) === 0x80;
}

/** The client itself refuses some packets. */
function tryToSend(path: MediaPath, packet: Buffer): void {
  try {
    path.send(packet);
  } catch {
    return;
  }
}
