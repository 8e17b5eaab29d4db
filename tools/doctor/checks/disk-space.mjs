import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';

import { rootFolder } from '../../bootstrap/repository.mjs';
import { ok, todo, writeSize } from '../findings.mjs';

/** Measured: packages 0.9 GB, web page 0.4 GB, toolchain, worker and recogniser 0.3 GB; the rest is for its build. */
const neededBytes = 2.5 * 1024 ** 3;
/** Once set up, the next start writes a few files. */
const spareBytes = 0.2 * 1024 ** 3;

export const diskSpace = {
  name: 'disk space',
  run: async ({ cache }) => {
    const isSetUp = existsSync(path.join(rootFolder, 'node_modules', '.modules.yaml'));
    return Promise.all(
      [...new Set([rootFolder, existing(cache)])].map(async (folder) => {
        const { bavail, bsize } = await statfs(folder);
        return judgeSpace({ folder, freeBytes: bavail * bsize, isSetUp });
      }),
    );
  },
};

export function judgeSpace({ folder, freeBytes, isSetUp }) {
  const wanted = isSetUp ? spareBytes : neededBytes;
  if (freeBytes >= wanted) return ok(`${writeSize(freeBytes)} free at ${folder}`);
  return todo(
    `${writeSize(freeBytes)} free at ${folder}, ${writeSize(wanted)} are needed: make room`,
  );
}

/** The cache's own folder, or the nearest one above that is there. */
function existing(folder) {
  return existsSync(folder) ? folder : existing(path.dirname(folder));
}
