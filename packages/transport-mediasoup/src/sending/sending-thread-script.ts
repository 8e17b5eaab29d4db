/** Runs in a thread of its own: sends the bot's packets when they are due, whatever else the process does. */
import { createSocket } from 'node:dgram';
import { parentPort, workerData } from 'node:worker_threads';
import { DueSender } from './due-sender.ts';
import { PacketRingReader } from './packet-ring.ts';
import {
  loopback,
  monotonicMs,
  type FromSendingThread,
  type SendingThreadData,
  type ToSendingThread,
} from './sending-messages.ts';

const reportMs = 1_000;
/** Of more packets in a second than this, the first are reported. */
const mostReported = 16_384;

const latenessMs = new Float32Array(mostReported);
let reported = 0;

// An address is no name: nothing is looked up for each packet.
const socket = createSocket({
  type: 'udp4',
  lookup: (_name, _options, found) => found(null, loopback, 4),
});
const sender = new DueSender({
  now: monotonicMs,
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
  send: (packet, port) => socket.send(packet, port, loopback),
  onSent: (late) => {
    if (reported < mostReported) latenessMs[reported++] = late;
  },
});

function tell(message: FromSendingThread): void {
  parentPort?.postMessage(message);
}

let isReady = false;
socket.on('error', (error) => {
  // Nobody listens on the port of a call that has just ended: what cannot be sent is one lost packet.
  if (!isReady) throw error;
});
const { port } = workerData as SendingThreadData;
socket.bind(port, loopback, () => {
  isReady = true;
  tell({ type: 'ready', port: socket.address().port });
});

setInterval(() => {
  if (reported === 0) return;
  tell({ type: 'sent', latenessMs: latenessMs.slice(0, reported) });
  reported = 0;
}, reportMs);

parentPort?.on('message', (message: ToSendingThread) => {
  switch (message.type) {
    case 'open':
      sender.open(message.id, new PacketRingReader(message.memory), message.port);
      break;
    case 'close':
      sender.close(message.id);
      break;
    case 'wake':
      sender.wake();
      break;
  }
});
