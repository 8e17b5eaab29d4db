import type { ClientMessage } from '@voicebus/protocol';
import type { CallMedia } from '../sessions/call-media.ts';

const requestTypes = [
  'create-transport',
  'connect-transport',
  'produce',
  'produce-data',
  'consume',
  'consume-data',
] as const;
export type MediaRequest = Extract<ClientMessage, { type: (typeof requestTypes)[number] }>;

export function isMediaRequest(message: ClientMessage): message is MediaRequest {
  return requestTypes.some((type) => type === message.type);
}

/** Carries a signalling request out on the session's media path; rejects with what the page is told. */
export async function answerMediaRequest(
  media: CallMedia,
  request: MediaRequest,
): Promise<Record<string, unknown>> {
  if (request.type === 'create-transport') return media.createTransport(request.media ?? 'webrtc');
  const connection = await media.connection();
  switch (request.type) {
    case 'connect-transport':
      return connection.connectTransport(request.transportId, request.dtlsParameters);
    case 'produce': {
      const answer = await connection.produce(request.transportId, request.rtpParameters);
      media.microphoneOpened();
      return answer;
    }
    case 'produce-data':
      return connection.produceData(request.transportId, {
        parameters: request.sctpStreamParameters,
        label: request.label,
        protocol: request.protocol,
      });
    case 'consume':
      return connection.consume(request.transportId, request.rtpCapabilities);
    case 'consume-data': {
      const answer = await connection.consumeData(request.transportId);
      media.dataChannelOpened();
      return answer;
    }
    default:
      throw neverAsked(request);
  }
}

function neverAsked(request: never): Error {
  return new TypeError(`There is no such request: ${JSON.stringify(request)}`);
}
