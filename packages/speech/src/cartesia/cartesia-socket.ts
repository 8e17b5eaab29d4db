import { connect } from 'node:net';
// The SDK's ES module build (4.2) finds no `require` in Node and takes itself for a browser: it would send the
// key in the address. These doors lead to its CommonJS build, which sends it in a header.
import { Cartesia } from '@cartesia/cartesia-js/client.js';
import { TTSWS } from '@cartesia/cartesia-js/resources/tts/ws.js';
import type { WebSocket } from 'ws';

export interface SocketOptions {
  readonly apiKey: string;
  /** `http:` is for servers on this machine; the service itself has `https:` only. */
  readonly baseUrl: string;
}

export interface CartesiaSocket {
  /** The SDK's: requests, events, the protocol's version. */
  readonly sdk: TTSWS;
  /** What is under it: the SDK says neither that a connection is closed nor why one was refused. */
  readonly socket: WebSocket;
}

/** A second of sound is 64 kB in base64; what is larger is no message of this protocol. */
const largestMessageBytes = 4 * 1024 * 1024;

/** Begins to connect. Whoever calls it listens to errors before anything else happens. */
export function openSocket({ apiKey, baseUrl }: SocketOptions): CartesiaSocket {
  const client = new Cartesia({ apiKey, baseURL: baseUrl, logLevel: 'off' });
  const { protocol, hostname, port } = new URL(baseUrl);
  const sdk = new TTSWS(client, {
    // Sound does not shrink; deflating it would cost a millisecond per message.
    perMessageDeflate: false,
    maxPayload: largestMessageBytes,
    // The SDK asks for TLS whatever the address says.
    ...(protocol === 'http:'
      ? { createConnection: () => connect(Number(port || 80), hostname) }
      : {}),
  });
  // In Node the SDK's socket is one of the package `ws`; its type names only what browsers have, too.
  return { sdk, socket: sdk.socket as unknown as WebSocket };
}

/**
 * The SDK decodes every `chunk` as it arrives, and throws inside the socket's own listener where there is
 * nothing to decode: that would end the process. It is a broken message like any other.
 */
export function guardMessages(socket: WebSocket, onBroken: () => void): void {
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
    if (event !== 'message') return emit(event, ...values);
    try {
      return emit(event, ...values);
    } catch {
      onBroken();
      return true;
    }
  };
}
