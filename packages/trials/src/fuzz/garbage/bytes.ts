import type { SeededRandom } from '@voicebus/testing';

export function anyBytes(random: SeededRandom, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.between(0, 256)));
}

/** The bytes with some of them changed, cut off, doubled or added. */
export function mutatedBytes(bytes: Buffer, random: SeededRandom): Buffer {
  let changed = Buffer.from(bytes);
  for (let count = random.between(1, 5); count > 0; count -= 1) {
    const at = random.between(0, changed.length + 1);
    const how = random.between(0, 5);
    if (how === 0) changed = changed.subarray(0, at);
    else if (how === 1)
      changed = Buffer.concat([changed.subarray(0, at), anyBytes(random, 4), changed.subarray(at)]);
    else if (how === 2) changed = Buffer.concat([changed.subarray(0, at), changed]);
    else if (at < changed.length) {
      changed = Buffer.from(changed);
      const edges = [0, 1, 0x7f, 0x80, 0xff, random.between(0, 256)];
      changed.writeUInt8(
        how === 3 ? random.pick(edges) : changed.readUInt8(at) ^ (1 << random.between(0, 8)),
        at,
      );
    }
    // Doubling a few times over would otherwise outgrow every limit at once.
    changed = changed.subarray(0, 70_000);
  }
  return changed;
}
