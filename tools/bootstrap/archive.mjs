import { gunzipSync } from 'node:zlib';

const blockSize = 512;

/**
 * The content of one file of a gzipped tar archive, or undefined. Taking out a
 * single file by its name writes nothing anywhere that the archive chooses.
 *
 * @param {Buffer} archive
 * @param {string} name its last path part
 */
export function readFromArchive(archive, name) {
  const tar = gunzipSync(archive, { maxOutputLength: 256 * 1024 ** 2 });
  for (let offset = 0; offset + blockSize <= tar.length;) {
    const header = tar.subarray(offset, offset + blockSize);
    if (header[0] === 0) return undefined;
    const entryName = readText(header, 0, 100);
    const size = Number.parseInt(readText(header, 124, 12).trim(), 8);
    if (!Number.isInteger(size)) throw new Error('The archive is damaged.');
    const type = String.fromCharCode(header[156]);
    const start = offset + blockSize;
    const isFile = type === '0' || type === '\0';
    if (isFile && entryName.split('/').at(-1) === name) {
      if (start + size > tar.length) throw new Error('The archive ends too early.');
      return tar.subarray(start, start + size);
    }
    offset = start + Math.ceil(size / blockSize) * blockSize;
  }
  return undefined;
}

function readText(header, start, length) {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}
