import { busKinds, limits, protocolVersion, type BusKind } from '@voicebus/protocol';
import { VoicebusError } from '../errors/voicebus-error.ts';
import type { AnyBusMessage, Envelope } from './envelope.ts';

/**
 * Envelope on a wire, big endian:
 *
 *   0  u8   version          1  u8   kind number
 *   2  u8   lane             3  u8   reserved, 0
 *   4  u32  sequence         8  u32  acknowledged
 *   12 u32  epoch            16 f64  wall time, ms
 *   24 u16 length + UTF-8, eight times: id, channel, session, source incarnation, source worker,
 *      target incarnation, target worker, trace id (empty: none)
 *   then the body as UTF-8 JSON up to the end.
 */
const headerBytes = 24;
const kindByNumber = new Map<number, BusKind>(
  Object.entries(busKinds).map(([kind, { number }]) => [number, kind as BusKind]),
);

export function encodeEnvelope(envelope: Envelope): Buffer {
  const { message } = envelope;
  const strings = [
    message.id,
    message.channel,
    message.sessionId,
    message.source.incarnation,
    message.source.worker,
    message.target.incarnation,
    message.target.worker,
    message.traceId ?? '',
  ];
  const body = Buffer.from(JSON.stringify(message.body));
  if (body.length > limits.controlMessageBytes) {
    throw new VoicebusError(
      'too-large',
      `A ${message.kind} message of ${body.length} bytes is above the limit.`,
      {
        data: { bytes: body.length, limit: limits.controlMessageBytes },
      },
    );
  }
  const lengths = strings.map((value) => Buffer.byteLength(value));
  const buffer = Buffer.allocUnsafe(
    headerBytes + lengths.reduce((sum, length) => sum + 2 + length, 0) + body.length,
  );
  buffer.writeUInt8(protocolVersion, 0);
  buffer.writeUInt8(busKinds[message.kind].number, 1);
  buffer.writeUInt8(message.lane === 'urgent' ? 1 : 0, 2);
  buffer.writeUInt8(0, 3);
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

/** Throws `bad-message` on anything that is not a whole, known and valid envelope. */
export function decodeEnvelope(bytes: Buffer): Envelope {
  if (bytes.length < headerBytes) throw bad('it is shorter than a header');
  const version = bytes.readUInt8(0);
  if (version !== protocolVersion) throw bad(`its version is ${version}, ours ${protocolVersion}`);
  const kind = kindByNumber.get(bytes.readUInt8(1));
  if (!kind) throw bad(`kind ${bytes.readUInt8(1)} is unknown`);
  const lane = bytes.readUInt8(2) === 1 ? 'urgent' : 'ordered';
  // An acknowledgement travels on the lane that it acknowledges.
  if (kind !== 'acknowledge' && lane !== busKinds[kind].lane)
    throw bad(`${kind} is not for the ${lane} lane`);
  let offset = headerBytes;
  const text = (): string => {
    if (offset + 2 > bytes.length) throw bad('it ends inside its addresses');
    const end = offset + 2 + bytes.readUInt16BE(offset);
    if (end > bytes.length) throw bad('it ends inside its addresses');
    const value = bytes.toString('utf8', offset + 2, end);
    offset = end;
    return value;
  };
  const id = text();
  const channel = text();
  const sessionId = text();
  const source = { incarnation: text(), worker: text() };
  const target = { incarnation: text(), worker: text() };
  const traceId = text();
  if (bytes.length - offset > limits.controlMessageBytes) throw bad('its body is above the limit');
  const message = {
    id,
    kind,
    lane,
    channel,
    sessionId,
    source,
    target,
    wallMs: bytes.readDoubleBE(16),
    epoch: bytes.readUInt32BE(12),
    ...(traceId === '' ? {} : { traceId }),
    body: parseBody(kind, bytes.toString('utf8', offset)),
  } as AnyBusMessage;
  return { message, sequence: bytes.readUInt32BE(4), acknowledged: bytes.readUInt32BE(8) };
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

function parseBody(kind: BusKind, json: string): unknown {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch {
    throw bad('its body is not JSON');
  }
  const result = busKinds[kind].body.safeParse(body);
  if (!result.success) throw bad(`its ${kind} body is invalid`);
  return result.data;
}

function bad(why: string): VoicebusError {
  return new VoicebusError('bad-message', `This bus message cannot be taken: ${why}.`);
}
