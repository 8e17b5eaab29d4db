import {
  busKinds,
  kindsInParts,
  limits,
  protocolVersion,
  type BusBody,
  type BusKind,
  type Lane,
} from '@voicebus/protocol';
import { VoicebusError } from '../errors/voicebus-error.ts';
import type { AnyBusMessage, Envelope } from './envelope.ts';

/**
 * Envelope on a wire, big endian:
 *
 *   0  u8   version          1  u8   kind number
 *   2  u8   lane             3  u8   flags, see below
 *   4  u32  sequence         8  u32  acknowledged
 *   12 u32  epoch            16 f64  wall time, ms
 *   24 u16 length + UTF-8 each: id, [channel], session, source incarnation, source worker,
 *      [target incarnation], target worker, [trace id]
 *   then the body up to the end: UTF-8 JSON, or for text that is generated: turn id, message id (u16 length
 *   each) and the text itself.
 *
 * Strings in brackets are there or not as the flags say. What the place implies is not repeated: a token
 * of 5 characters takes 130 bytes in an inbox, 50 behind another one of the same answer.
 */
const headerBytes = 24;
const flag = {
  /** Channel and target incarnation are those of the inbox. */
  inInbox: 1,
  /** Session, source and target are those of the message before. */
  sameWay: 2,
  traced: 4,
  rawText: 8,
} as const;
const maxStringBytes = 0xffff;

const kindByNumber = new Map<number, BusKind>(
  Object.entries(busKinds).map(([kind, { number }]) => [number, kind as BusKind]),
);

/** What a message's place says about it, so that the message need not. */
export interface Place {
  readonly channel: string;
  /** Whose inbox it is. */
  readonly incarnation: string;
  /** The message before it, in the same piece. */
  readonly before?: AnyBusMessage | undefined;
}

/** Throws `too-large` for a body above the limit, or an address that is no address. */
export function encodeEnvelope(envelope: Envelope, place?: Place): Buffer {
  const { message } = envelope;
  const { sessionId, source, target, traceId, kind } = message;
  const isSameWay = place?.before !== undefined && isSameRoute(message, place.before);
  const isRawText = message.kind === 'response-text' && isPlainText(message.body);
  const strings = [message.id];
  if (!place) strings.push(message.channel);
  if (!isSameWay) strings.push(sessionId, source.incarnation, source.worker);
  if (!place) strings.push(target.incarnation);
  if (!isSameWay) strings.push(target.worker);
  if (traceId !== undefined) strings.push(traceId);
  if (isRawText) strings.push(message.body.turnId, message.body.messageId);
  const body = Buffer.from(isRawText ? message.body.text : JSON.stringify(message.body));
  const bodyLimit = kindsInParts.has(kind) ? limits.wholeContextBytes : limits.controlMessageBytes;
  if (body.length > bodyLimit) throw tooLarge(kind, body.length, bodyLimit);
  const lengths = strings.map((value) => Buffer.byteLength(value));
  let total = headerBytes + body.length;
  for (const length of lengths) {
    if (length > maxStringBytes) throw tooLarge(kind, length, maxStringBytes);
    total += 2 + length;
  }
  const buffer = Buffer.allocUnsafe(total);
  buffer.writeUInt8(protocolVersion, 0);
  buffer.writeUInt8(busKinds[kind].number, 1);
  buffer.writeUInt8(message.lane === 'urgent' ? 1 : 0, 2);
  buffer.writeUInt8(
    (place ? flag.inInbox : 0) |
      (isSameWay ? flag.sameWay : 0) |
      (traceId === undefined ? 0 : flag.traced) |
      (isRawText ? flag.rawText : 0),
    3,
  );
  buffer.writeUInt32BE(envelope.sequence, 4);
  buffer.writeUInt32BE(envelope.acknowledged, 8);
  buffer.writeUInt32BE(message.epoch, 12);
  buffer.writeDoubleBE(message.wallMs, 16);
  let offset = headerBytes;
  for (const [index, value] of strings.entries()) {
    buffer.writeUInt16BE(lengths[index] ?? 0, offset);
    offset += 2 + buffer.write(value, offset + 2);
  }
  body.copy(buffer, offset);
  return buffer;
}

export interface DecodeOptions {
  readonly place?: Place;
  /**
   * A message whose way can be read, but not what it says (a kind from a newer version, a body that is
   * wrong), comes as an `acknowledge` with its number instead of being refused: whoever counts the link
   * skips it, and those behind it are not held up.
   */
  readonly skipUnreadable?: boolean;
}

/** Throws `bad-message` on anything that is not a whole, known and valid envelope. */
export function decodeEnvelope(bytes: Buffer, options: DecodeOptions = {}): Envelope {
  const { place } = options;
  if (bytes.length < headerBytes) throw bad('it is shorter than a header');
  const version = bytes.readUInt8(0);
  if (version !== protocolVersion) throw bad(`its version is ${version}, ours ${protocolVersion}`);
  const flags = bytes.readUInt8(3);
  const before = place?.before;
  if ((flags & flag.inInbox) !== 0 && !place) throw bad('it does not say whom it is for');
  if ((flags & flag.sameWay) !== 0 && !before) throw bad('there is no message before it');
  let offset = headerBytes;
  const text = (): string => {
    if (offset + 2 > bytes.length) throw bad('it ends inside its addresses');
    const end = offset + 2 + bytes.readUInt16BE(offset);
    if (end > bytes.length) throw bad('it ends inside its addresses');
    const value = bytes.toString('utf8', offset + 2, end);
    offset = end;
    return value;
  };
  const isImplied = (flags & flag.inInbox) !== 0;
  const isSameWay = (flags & flag.sameWay) !== 0;
  const id = text();
  const channel = isImplied ? (place?.channel ?? '') : text();
  const sessionId = isSameWay ? (before?.sessionId ?? '') : text();
  const source = isSameWay && before ? before.source : { incarnation: text(), worker: text() };
  const incarnation = isImplied ? (place?.incarnation ?? '') : text();
  const target = { incarnation, worker: isSameWay && before ? before.target.worker : text() };
  const traceId = (flags & flag.traced) === 0 ? undefined : text();
  const lane = bytes.readUInt8(2) === 1 ? 'urgent' : 'ordered';
  const wallMs = bytes.readDoubleBE(16);
  const epoch = bytes.readUInt32BE(12);
  const way = { id, lane, channel, sessionId, source, target, wallMs, epoch } as const;
  const numbers = { sequence: bytes.readUInt32BE(4), acknowledged: bytes.readUInt32BE(8) };
  try {
    const kind = kindOf(bytes.readUInt8(1), lane);
    if (bytes.length - offset > limits.controlMessageBytes + 2 * maxStringBytes)
      throw bad('its body is above the limit');
    const raw =
      (flags & flag.rawText) === 0
        ? parseJson(bytes.toString('utf8', offset))
        : { turnId: text(), messageId: text(), text: bytes.toString('utf8', offset) };
    const body = readBody(kind, raw);
    const message = { ...way, kind, ...(traceId === undefined ? {} : { traceId }), body };
    return { message: message as AnyBusMessage, ...numbers };
  } catch (thrown) {
    if (!options.skipUnreadable) throw thrown;
    return { message: { ...way, kind: 'acknowledge', body: {} }, ...numbers };
  }
}

/** Checks a body against its kind's schema. Throws `bad-message` naming the field. */
export function checkBody<Kind extends BusKind>(kind: Kind, body: unknown): void {
  const result = busKinds[kind].body.safeParse(body);
  if (result.success) return;
  const issue = result.error.issues[0];
  throw bad(
    `${kind}.${issue?.path.join('.') ?? ''} is invalid: ${issue?.message ?? 'unknown reason'}`,
  );
}

export function kindOf(number: number, lane: Lane): BusKind {
  const kind = kindByNumber.get(number);
  if (!kind) throw bad(`kind ${number} is unknown`);
  // An acknowledgement travels on the lane that it acknowledges.
  if (kind !== 'acknowledge' && lane !== busKinds[kind].lane)
    throw bad(`${kind} is not for the ${lane} lane`);
  return kind;
}

export function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw bad('its body is not JSON');
  }
}

export function readBody(kind: BusKind, body: unknown): unknown {
  const result = busKinds[kind].body.safeParse(body);
  if (!result.success) throw bad(`its ${kind} body is invalid`);
  return result.data;
}

/** A body that is wrong goes as JSON, so that it is refused as what it is. */
function isPlainText(body: BusBody<'response-text'> | null): boolean {
  return [body?.turnId, body?.messageId, body?.text].every((part) => typeof part === 'string');
}

function isSameRoute(one: AnyBusMessage, other: AnyBusMessage): boolean {
  return (
    one.sessionId === other.sessionId &&
    one.source.incarnation === other.source.incarnation &&
    one.source.worker === other.source.worker &&
    one.target.worker === other.target.worker
  );
}

export function tooLarge(kind: BusKind, bytes: number, limit: number): VoicebusError {
  return new VoicebusError(
    'too-large',
    `A ${kind} message has a part of ${bytes} bytes; the limit is ${limit}. Make it shorter.`,
    { data: { bytes, limit } },
  );
}

export function bad(why: string): VoicebusError {
  return new VoicebusError('bad-message', `This bus message cannot be taken: ${why}.`);
}
