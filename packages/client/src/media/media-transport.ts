import type { Device, Transport } from 'mediasoup-client/types';
import type { SignallingClient } from '../signalling/signalling-client.ts';
import { replies } from './replies.ts';

/** Makes a transport on both sides and carries its negotiation over signalling. */
export async function createTransport(
  device: Device,
  signalling: SignallingClient,
  direction: 'send' | 'receive',
): Promise<Transport> {
  const options = replies.transport(
    await signalling.request({ type: 'create-transport', direction }),
  );
  const transport =
    direction === 'send'
      ? device.createSendTransport(options)
      : device.createRecvTransport(options);
  const { id: transportId } = transport;

  transport.on('connect', ({ dtlsParameters }, done, fail) => {
    signalling
      .request({ type: 'connect-transport', transportId, dtlsParameters: { ...dtlsParameters } })
      .then(() => done(), fail);
  });
  transport.on('produce', ({ rtpParameters }, done, fail) => {
    signalling
      .request({ type: 'produce', transportId, rtpParameters: { ...rtpParameters } })
      .then((reply) => done({ id: replies.id(reply) }), fail);
  });
  transport.on('producedata', ({ sctpStreamParameters, label, protocol }, done, fail) => {
    signalling
      .request({
        type: 'produce-data',
        transportId,
        sctpStreamParameters: { ...sctpStreamParameters },
        label: label ?? '',
        protocol: protocol ?? '',
      })
      .then((reply) => done({ id: replies.id(reply) }), fail);
  });
  return transport;
}
