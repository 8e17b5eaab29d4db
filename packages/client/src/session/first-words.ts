import type { ClientMessage } from '@voicebus/protocol';
import type { Producer } from 'mediasoup-client/types';
import { firstPacketSent } from '../media/first-packet.ts';
import { pcmToBase64, type Preroll } from '../microphone/preroll.ts';

/** The producer stands when this is called; ICE and DTLS take 100 ms to a few seconds. */
const firstPacketDeadlineMs = 8000;

/**
 * The server drops of the recording what the live stream has too, by capture time, but cannot make up
 * for a hole: so a little too much is sent.
 */
const overlapMs = 60;

/**
 * Sends what was said before the media path stood, up to the moment at which its first packet flows.
 * Each piece carries its capture time, so that the server can put it before the live stream.
 */
export async function sendFirstWords(options: {
  readonly preroll: Preroll;
  readonly producer: Producer;
  readonly send: (message: ClientMessage) => boolean;
}): Promise<void> {
  const { preroll, producer, send } = options;
  // Muted from the start: nothing was recorded and no packet will flow.
  const flowsMs = producer.paused
    ? null
    : await firstPacketSent(producer, firstPacketDeadlineMs).catch(() => null);
  if (producer.paused) preroll.discard();
  for (const { captureMs, samples } of preroll.finish((flowsMs ?? performance.now()) + overlapMs)) {
    if (!send({ type: 'preroll', captureMs, pcm: pcmToBase64(samples), last: false })) return;
  }
  // Always, also when nothing was recorded: the server holds the live sound back until it has this.
  send({ type: 'preroll', captureMs: performance.now(), pcm: '', last: true });
}
