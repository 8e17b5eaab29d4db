import {
  decodeEnvelope,
  encodeEnvelope,
  type AnyBusMessage,
  type Envelope,
  type Place,
} from '@voicebus/core';

/** What one session may say before another has its turn: a quarter of what goes together. */
const maxPieceBytes = 16 * 1024;
const maxPieceMessages = 64;

/**
 * Messages that travel together: each with its length (u32, big endian) before it. Pieces behind each other
 * are a piece again.
 */
export class Piece {
  readonly #place: Place;
  readonly #parts: Buffer[] = [];
  #bytes = 0;
  #messages = 0;
  #before: AnyBusMessage | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get messages(): number {
    return this.#messages;
  }

  /** Whether there is room for another message. */
  get isOpen(): boolean {
    return this.#bytes < maxPieceBytes && this.#messages < maxPieceMessages;
  }

  /** Throws `too-large` for a message that is; the piece is as before then. Returns the bytes added. */
  add(envelope: Envelope): number {
    const part = encodeEnvelope(envelope, { ...this.#place, before: this.#before });
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32BE(part.length);
    this.#parts.push(length, part);
    this.#bytes += 4 + part.length;
    this.#messages += 1;
    this.#before = envelope.message;
    return 4 + part.length;
  }

  /** What goes out, to be put behind each other. */
  get parts(): readonly Buffer[] {
    return this.#parts;
  }
}

export interface PieceReader {
  /** Whose inbox it is. */
  readonly incarnation: string;
  readonly onMessage: (envelope: Envelope) => void;
  readonly onMalformed: () => void;
}

/** Hands on every message of a piece that can be read; what cannot is skipped and told. */
export function readPiece(bytes: Buffer, channel: string, reader: PieceReader): void {
  let before: AnyBusMessage | undefined;
  for (let offset = 0; offset < bytes.length;) {
    const end = offset + 4 <= bytes.length ? offset + 4 + bytes.readUInt32BE(offset) : Infinity;
    if (end > bytes.length) {
      reader.onMalformed();
      return;
    }
    const part = bytes.subarray(offset + 4, end);
    offset = end;
    let envelope: Envelope;
    try {
      const place = { channel, incarnation: reader.incarnation, before };
      envelope = decodeEnvelope(part, { place, skipUnreadable: true });
    } catch {
      before = undefined;
      reader.onMalformed();
      continue;
    }
    before = envelope.message;
    reader.onMessage(envelope);
  }
}
