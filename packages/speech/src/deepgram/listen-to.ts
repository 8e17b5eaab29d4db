import type { ServiceEvents } from './dialect.ts';

/** What the SDK's sockets to both services have in common. */
interface SdkSocket {
  on(event: 'open', listener: () => void): void;
  on(event: 'message', listener: (message: unknown) => void): void;
  on(event: 'close', listener: (end: { code: number; reason: string }) => void): void;
  on(event: 'error', listener: () => void): void;
  readonly readyState: number;
  connect(): unknown;
  close(): void;
  sendCloseStream(message: { type: 'CloseStream' }): void;
}

/** Connects it, and tells what happens to it. */
export function listenTo(socket: SdkSocket, events: ServiceEvents): void {
  socket.on('open', events.open);
  socket.on('message', events.message);
  socket.on('close', ({ code, reason }) => events.close(code, reason));
  socket.on('error', events.error);
  socket.connect();
}

/** Says that no more sound comes, where that can still be said, and closes. */
export function hangUp(socket: SdkSocket): void {
  if (socket.readyState === 1) socket.sendCloseStream({ type: 'CloseStream' });
  socket.close();
}
