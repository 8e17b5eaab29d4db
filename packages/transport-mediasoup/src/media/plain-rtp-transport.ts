import { VoicebusError, type Clock } from '@voicebus/core';
import type { types } from 'mediasoup';
import type { CallerTransport, CallerTransportEvents } from './caller-transport.ts';
import { PacketWatch } from './packet-watch.ts';

/** Where callers over plain RTP send to: each of them gets a port of its own. */
export interface PlainRtpAddress {
  readonly listenIp: string;
  /** What callers are told, when they cannot reach `listenIp`. */
  readonly announcedIp?: string;
  readonly ports: { readonly first: number; readonly last: number };
}

export async function createPlainTransport(
  router: types.Router,
  { listenIp, announcedIp, ports }: PlainRtpAddress,
): Promise<types.PlainTransport> {
  try {
    return await router.createPlainTransport({
      listenInfo: {
        protocol: 'udp',
        ip: listenIp,
        portRange: { min: ports.first, max: ports.last },
        ...(announcedIp === undefined ? {} : { announcedAddress: announcedIp }),
      },
      rtcpMux: true,
      comedia: true,
    });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new VoicebusError(
      'queue-full',
      `No port from ${ports.first} to ${ports.last} can be had on ${listenIp} for plain RTP: ${why}`,
      { isRetryable: true, cause: thrown },
    );
  }
}

/**
 * A telephone gateway's, or a load test's: both directions on one port, not encrypted. Whoever sends first to
 * the port is its other end, and mediasoup hears nobody else there from then on. But the bot's sound has a way
 * only once a packet of the microphone came, with the number that was told over signalling: a stranger who was
 * first costs the caller another transport, and hears nothing.
 */
export async function openPlainRtpTransport(
  place: {
    readonly router: types.Router;
    readonly address: PlainRtpAddress;
    readonly clock: Clock;
  },
  events: CallerTransportEvents,
): Promise<CallerTransport> {
  const transport = await createPlainTransport(place.router, place.address);
  let hasWay = false;
  const watch = new PacketWatch(place.clock, (state) => {
    hasWay ||= state === 'connected';
    events.onState(state);
    if (state === 'connected') events.onWay();
  });
  // Its mediasoup worker died, or its router was closed: no timer stays behind.
  transport.observer.once('close', () => watch.close());
  const { localAddress, localPort } = transport.tuple;
  return {
    transport,
    parameters: { id: transport.id, ip: localAddress, port: localPort },
    hasWay: () => hasWay,
    connect: () =>
      Promise.reject(
        new VoicebusError(
          'bad-message',
          'Plain RTP is connected by the first packet, not by asking.',
        ),
      ),
    heard: () => watch.packet(),
    close: () => transport.close(),
  };
}
