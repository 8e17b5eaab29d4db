import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

const neverSources = new Set([
  'node_modules',
  '.next',
  'dist',
  'build',
  'out',
  'coverage',
  'test-results',
  'playwright-report',
]);

/** A hash over texts that must all stay the same. */
export function fingerprint(...texts) {
  const hash = createHash('sha256');
  // With the length before each, ["ab", "c"] and ["a", "bc"] differ.
  for (const text of texts) hash.update(`${text.length}:${text}`);
  return hash.digest('hex');
}

/** A hash over the names and the contents of files; one that is missing counts as such. */
export async function fingerprintFiles(files, { relativeTo }) {
  const hash = createHash('sha256');
  for (const file of files.toSorted()) {
    const content = await readFile(file).catch((error) => {
      if (error.code !== 'ENOENT') throw error;
      return undefined;
    });
    hash.update(`${path.relative(relativeTo, file)}\n${content?.length ?? 'missing'}\n`);
    if (content) hash.update(content);
  }
  return hash.digest('hex');
}

/** All files below a folder except what is installed, generated or built; none if it is missing. */
export async function listSources(folder, { keep = () => true } = {}) {
  const files = [];
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  for (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!neverSources.has(entry.name)) files.push(...(await listSources(file, { keep })));
    } else if (entry.isFile() && keep(file)) {
      files.push(file);
    }
  }
  return files;
}
