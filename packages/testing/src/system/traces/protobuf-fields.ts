/** A field of a message in the protobuf wire format, its value by wire type: number, eight bytes, or bytes. */
export interface ProtobufField {
  readonly number: number;
  readonly value: bigint | Buffer;
}

/** Reads the fields of one message. Throws on what is none. https://protobuf.dev/programming-guides/encoding/ */
export function protobufFields(message: Buffer): ProtobufField[] {
  const fields: ProtobufField[] = [];
  let at = 0;
  const varint = (): bigint => {
    for (let value = 0n, shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number): Buffer => {
    if (at + length > message.length) throw new RangeError('A protobuf field is cut off.');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const [number, wireType] = [tag >> 3, tag & 7];
    if (wireType === 0) fields.push({ number, value: varint() });
    else if (wireType === 1) fields.push({ number, value: bytes(8) });
    else if (wireType === 2) fields.push({ number, value: bytes(Number(varint())) });
    else if (wireType === 5) fields.push({ number, value: bytes(4) });
    else throw new RangeError(`There is no protobuf wire type ${wireType}.`);
  }
  return fields;
}
