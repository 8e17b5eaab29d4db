import type { types } from 'mediasoup';
import type { CallerTransport, CallerTransportEvents } from './caller-transport.ts';

/** A browser's: ICE says whether it is there, DTLS that nobody else is. */
export async function openWebRtcTransport(
  { router, server }: { readonly router: types.Router; readonly server: types.WebRtcServer },
  events: CallerTransportEvents,
): Promise<CallerTransport> {
  const transport = await router.createWebRtcTransport({
    webRtcServer: server,
    enableUdp: true,
    enableTcp: true,
    preferUdp: true,
    enableSctp: true,
  });
  transport.on('icestatechange', (state) => {
    if (state === 'disconnected') events.onState('disconnected');
    if (state === 'completed' || state === 'connected') events.onState('connected');
  });
  transport.on('dtlsstatechange', (state) => {
    if (state === 'connected') events.onWay();
    if (state === 'failed' || state === 'closed') events.onState('disconnected');
  });
  const { id, iceParameters, iceCandidates, dtlsParameters, sctpParameters } = transport;
  return {
    transport,
    parameters: { id, iceParameters, iceCandidates, dtlsParameters, sctpParameters },
    hasWay: () => transport.dtlsState === 'connected',
    connect: (dtls) =>
      transport.connect({ dtlsParameters: dtls as unknown as types.DtlsParameters }),
    heard: () => {},
    close: () => transport.close(),
  };
}
