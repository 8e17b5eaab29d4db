import { gzipSync } from 'node:zlib';

import { expect, test } from 'vitest';

import { readFromArchive } from './archive.mjs';

function tarEntry(name, content) {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('0', 156);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

function archive(...entries) {
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(1024)]));
}

test('one file is taken out by its name', () => {
  const bytes = archive(
    tarEntry('README', 'x'.repeat(600)),
    tarEntry('./mediasoup-worker', 'binary'),
  );
  expect(readFromArchive(bytes, 'mediasoup-worker')?.toString()).toBe('binary');
});

test('an archive without the file gives nothing', () => {
  expect(readFromArchive(archive(tarEntry('other', 'x')), 'mediasoup-worker')).toBeUndefined();
});

test('an archive that was cut off is refused', () => {
  const whole = tarEntry('mediasoup-worker', 'x'.repeat(2000));
  const cut = gzipSync(whole.subarray(0, 1024));
  expect(() => readFromArchive(cut, 'mediasoup-worker')).toThrow('ends too early');
});
