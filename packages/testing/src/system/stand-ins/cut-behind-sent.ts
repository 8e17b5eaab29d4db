import type { WebSocket } from 'ws';

/** For a peer that reads nothing any more. */
const unreadMs = 1_000;

/**
 * Breaks the TCP connection without a close frame, behind everything that was sent: a connection that is
 * destroyed at once takes what its peer has not read with it, now and then all of it. A pong tells that it was
 * read.
 */
export function cutBehindSent(socket: WebSocket): void {
  const cut = (): void => socket.terminate();
  const timer = setTimeout(cut, unreadMs);
  socket.once('pong', cut);
  socket.once('close', () => clearTimeout(timer));
  socket.ping();
}
