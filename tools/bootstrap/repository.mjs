import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds the whole workspace. */
export const rootFolder = fileURLToPath(new URL('../../', import.meta.url)).replace(/[\\/]$/, '');

export function inRepository(...parts) {
  return path.join(rootFolder, ...parts);
}
