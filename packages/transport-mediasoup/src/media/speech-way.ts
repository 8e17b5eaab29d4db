import type { types } from 'mediasoup';
import { loopback } from '../sending/sending-messages.ts';
import type { SendingLine, SendingThread } from '../sending/sending-thread.ts';

/** What the bot's packets carry. */
export const botStream = { payloadType: 100, ssrc: 0x766f6963 } as const;

/** Above those that systems give to outgoing connections, and far from any that somebody would configure. */
const ports = { min: 61_000, max: 65_535 };

/** The bot's sound on its way from the sending thread into a router. */
export interface SpeechWay {
  readonly producer: types.Producer;
  readonly line: SendingLine;
}

/** Over a port of loopback of its own, which takes packets from the sending thread only. */
export async function openSpeechWay(
  router: types.Router,
  sending: SendingThread,
): Promise<SpeechWay> {
  const transport = await router.createPlainTransport({
    listenInfo: { protocol: 'udp', ip: loopback, portRange: ports },
    rtcpMux: true,
    comedia: false,
  });
  await transport.connect({ ip: loopback, port: sending.port });
  const producer = await transport.produce({
    kind: 'audio',
    rtpParameters: {
      mid: 'bot',
      codecs: [
        {
          mimeType: 'audio/opus',
          payloadType: botStream.payloadType,
          clockRate: 48_000,
          channels: 2,
          parameters: { useinbandfec: 1 },
        },
      ],
      encodings: [{ ssrc: botStream.ssrc }],
      rtcp: { cname: 'voicebus' },
    },
  });
  return { producer, line: sending.open(transport.tuple.localPort) };
}
