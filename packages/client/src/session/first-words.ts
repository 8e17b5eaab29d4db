import type { ClientMessage } from '@voicebus/protocol';
import type { Producer } from 'mediasoup-client/types';
import { firstPacketSent } from '../media/first-packet.ts';
import { pcmToBase64, type Preroll } from '../microphone/preroll.ts';

/** The producer stands when this is called; ICE and DTLS take 100 ms to a few seconds. */
const firstPacketDeadlineMs = 8000;

/**
 * Sends what was said before the media path stood, up to the moment at which its first packet flows.
 * Each piece carries its capture time, so that the server can put it before the live stream.
 */
export async function sendFirstWords(options: {
  readonly preroll: Preroll;
  readonly producer: Producer | null;
  readonly send: (message: ClientMessage) => boolean;
}): Promise<void> {
  const { preroll, producer, send } = options;
  if (producer === null || producer.paused) return preroll.discard();
  const flowsMs = await firstPacketSent(producer, firstPacketDeadlineMs).catch(() => null);
  const pieces = preroll.finish(flowsMs ?? performance.now());
  for (const [index, piece] of pieces.entries()) {
    const last = index === pieces.length - 1;
    const pcm = pcmToBase64(piece.samples);
    if (!send({ type: 'preroll', captureMs: piece.captureMs, pcm, last })) return;
  }
}
