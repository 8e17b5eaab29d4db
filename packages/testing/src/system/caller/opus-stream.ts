import { z } from 'zod';

/** An RTP packet of the bot's, as far as who listens needs it. */
export interface ReceivedPacket {
  readonly header: {
    /** 1/48,000 s. */
    readonly timestamp: number;
    readonly sequenceNumber: number;
    /** The first one of a spurt. */
    readonly marker: boolean;
  };
  readonly payload: Buffer;
}

export const opus = { mimeType: 'audio/opus', clockRate: 48_000, channels: 2 };
export const microphonePayloadType = 111;

/** mediasoup's capabilities of somebody who hears Opus, without header extensions. */
export const hearingOpus = {
  codecs: [{ kind: 'audio', ...opus, preferredPayloadType: 100 }],
  headerExtensions: [],
};

const consumerSchema = z.object({
  rtpParameters: z.object({
    codecs: z.tuple([z.object({ payloadType: z.number() })], z.unknown()),
    encodings: z.tuple([z.object({ ssrc: z.number() })], z.unknown()),
  }),
});

/** What the bot's packets carry, by the answer to `consume`. */
export function streamOf(consumer: Record<string, unknown>): { payloadType: number; ssrc: number } {
  const { codecs, encodings } = consumerSchema.parse(consumer).rtpParameters;
  return { payloadType: codecs[0].payloadType, ssrc: encodings[0].ssrc };
}
