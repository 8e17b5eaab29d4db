import type { Envelope, Place } from '@voicebus/core';
import { Piece } from './piece.ts';

/** Of one append: more would hold up what comes behind it in Redis. */
const maxBatchBytes = 64 * 1024;
const maxBatchMessages = 256;

/** Pieces that go out as one. */
export interface Batch {
  readonly pieces: readonly Piece[];
  readonly bytes: number;
}

interface SessionQueue {
  readonly pieces: Piece[];
  bytes: number;
}

/**
 * What waits for one inbox on one lane. Sessions take turns, a piece each, so that what one says goes with
 * one of the next batches however much another has to say. Within a session everything keeps its order.
 */
export class SessionQueues {
  readonly #place: Place;
  /** The next one first. */
  readonly #queues = new Map<string, SessionQueue>();
  #bytes = 0;

  constructor(place: Place) {
    this.#place = place;
  }

  get bytes(): number {
    return this.#bytes;
  }

  bytesOf(sessionId: string): number {
    return this.#queues.get(sessionId)?.bytes ?? 0;
  }

  /** Throws `too-large` for a message that is; the queue is as before then. Returns the bytes added. */
  add(envelope: Envelope): number {
    const { sessionId } = envelope.message;
    const queue = this.#queues.get(sessionId);
    const last = queue?.pieces.at(-1);
    const piece = last?.isOpen ? last : new Piece(this.#place);
    const bytes = piece.add(envelope);
    this.#bytes += bytes;
    if (!queue) this.#queues.set(sessionId, { pieces: [piece], bytes });
    else {
      queue.bytes += bytes;
      if (piece !== last) queue.pieces.push(piece);
    }
    return bytes;
  }

  /** A piece of each session in turn, and again, until there is no room for the next. */
  take(): Batch | null {
    const pieces: Piece[] = [];
    let bytes = 0;
    let messages = 0;
    for (const [sessionId, queue] of this.#queues) {
      const piece = queue.pieces[0];
      if (!piece) break;
      bytes += piece.bytes;
      messages += piece.messages;
      const isFull = bytes > maxBatchBytes || messages > maxBatchMessages;
      if (isFull && pieces.length > 0) {
        bytes -= piece.bytes;
        break;
      }
      pieces.push(piece);
      queue.pieces.shift();
      queue.bytes -= piece.bytes;
      // To the end of the map, where this loop comes to it again.
      this.#queues.delete(sessionId);
      if (queue.pieces.length > 0) this.#queues.set(sessionId, queue);
    }
    this.#bytes -= bytes;
    return pieces.length === 0 ? null : { pieces, bytes };
  }
}
