import { busKinds, kindsInParts, limits } from '@voicebus/protocol';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { bad, kindOf, parseJson, readBody, tooLarge } from './codec.ts';
import type { AnyBusMessage, BusMessage } from './envelope.ts';

/** Of the text of one part. With what JSON escapes in it at most twice that, well below a message's limit. */
const partBytes = 48 * 1024;
/** What all unfinished messages of a process may hold, in characters: sixteen of the largest. */
const maxCharacters = 16 * limits.contextInPartsBytes;

/** The parts of a message of one of `kindsInParts`. Throws `too-large` above what they may be in all. */
export function partsOf(message: AnyBusMessage): readonly AnyBusMessage[] {
  const bytes = Buffer.from(JSON.stringify(message.body));
  if (bytes.length > limits.contextInPartsBytes)
    throw tooLarge(message.kind, bytes.length, limits.contextInPartsBytes);
  const texts: string[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + partBytes, bytes.length);
    // Never inside a character: its further bytes begin with the bits 10.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    texts.push(bytes.toString('utf8', start, end));
    start = end;
  }
  const kind = busKinds[message.kind].number;
  return texts.map((text, index) => ({
    ...message,
    kind: 'part',
    body: { kind, index, count: texts.length, text },
  }));
}

/** What the unfinished messages of one process hold together. */
export class PartsRoom {
  characters = 0;
}

/** One message that comes in parts. Once it is broken it holds nothing, and its last part says why. */
export class Assembly {
  readonly messageId: string;
  readonly #room: PartsRoom;
  #texts: string[] = [];
  #characters = 0;
  #error: VoicebusError | null = null;

  constructor(messageId: string, room: PartsRoom) {
    this.messageId = messageId;
    this.#room = room;
  }

  /** Undefined until the last part. Throws then, when the whole cannot be taken. */
  add({ body, ...message }: BusMessage<'part'>): AnyBusMessage | undefined {
    if (!this.#error) this.#keep(body.index, body.text);
    if (body.index + 1 < body.count) return undefined;
    const json = this.#texts.join('');
    this.drop();
    if (this.#error) throw this.#error;
    const kind = kindOf(body.kind, message.lane);
    if (!kindsInParts.has(kind)) throw bad(`${kind} does not come in parts`);
    return { ...message, kind, body: readBody(kind, parseJson(json)) } as AnyBusMessage;
  }

  /** Lets go of what it has. */
  drop(): void {
    this.#room.characters -= this.#characters;
    this.#characters = 0;
    this.#texts = [];
  }

  #keep(index: number, text: string): void {
    const characters = this.#characters + text.length;
    if (index !== this.#texts.length) this.#error = bad('a part of it is missing');
    else if (characters > limits.contextInPartsBytes)
      this.#error = tooLarge('part', characters, limits.contextInPartsBytes);
    else if (this.#room.characters + text.length > maxCharacters) {
      this.#error = new VoicebusError('queue-full', 'Too many large messages come at once.', {
        isRetryable: true,
      });
    }
    if (this.#error) {
      this.drop();
      return;
    }
    this.#texts.push(text);
    this.#characters = characters;
    this.#room.characters += text.length;
  }
}
