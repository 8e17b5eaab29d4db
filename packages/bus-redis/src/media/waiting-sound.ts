import { limits } from '@voicebus/protocol';

interface Piece {
  readonly bytes: Buffer;
  readonly sinceMs: number;
}

/** Frames that go out as one, on one channel. */
export interface Sound {
  readonly channel: string;
  readonly bytes: Buffer;
}

const maxTogetherBytes = 64 * 1024;
/** At most this much sound waits, whatever its age: 200 ms of 1,000 sessions. */
const maxBytes = 10 * 1024 * 1024;

/**
 * Sound that waits until Redis follows. Channels take turns; what of one waits goes together, and what has
 * waited too long not at all.
 */
export class WaitingSound {
  /** The next one first, each with its oldest first. */
  readonly #channels = new Map<string, Piece[]>();
  #bytes = 0;
  #dropped = 0;

  /** Frames that were too old, or too many. */
  get dropped(): number {
    return this.#dropped;
  }

  add(channel: string, bytes: Buffer, nowMs: number): void {
    if (this.#bytes >= maxBytes) {
      this.#dropped += 1;
      return;
    }
    const pieces = this.#channels.get(channel);
    const piece = { bytes, sinceMs: nowMs };
    if (pieces) pieces.push(piece);
    else this.#channels.set(channel, [piece]);
    this.#bytes += bytes.length;
  }

  /** Null when nothing waits. */
  take(nowMs: number): Sound | null {
    for (const [channel, pieces] of this.#channels) {
      this.#channels.delete(channel);
      this.#dropStale(pieces, nowMs);
      const together = this.#together(pieces);
      // To the end of the map: it is the last to have another turn.
      if (pieces.length > 0) this.#channels.set(channel, pieces);
      if (together.length > 0) return { channel, bytes: Buffer.concat(together) };
    }
    return null;
  }

  clear(): void {
    for (const pieces of this.#channels.values()) this.#dropped += pieces.length;
    this.#channels.clear();
    this.#bytes = 0;
  }

  #dropStale(pieces: Piece[], nowMs: number): void {
    let stale = 0;
    while ((pieces[stale]?.sinceMs ?? Infinity) < nowMs - limits.mediaMaxAgeMs) stale += 1;
    for (const { bytes } of pieces.splice(0, stale)) this.#bytes -= bytes.length;
    this.#dropped += stale;
  }

  #together(pieces: Piece[]): readonly Buffer[] {
    let count = 0;
    let total = 0;
    for (const { bytes } of pieces) {
      if (count > 0 && total + bytes.length > maxTogetherBytes) break;
      total += bytes.length;
      count += 1;
    }
    this.#bytes -= total;
    return pieces.splice(0, count).map(({ bytes }) => bytes);
  }
}
