import { randomUUID } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The file, made when it is not there. It is put in place whole, so that processes which start at the same
 * time do not read each other's half.
 */
export async function ensureFile(
  file: string,
  make: () => string | Promise<string>,
): Promise<string> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) return file;
  const content = await make();
  await mkdir(dirname(file), { recursive: true });
  const temporaryFile = `${file}.${randomUUID()}`;
  await writeFile(temporaryFile, content);
  await rename(temporaryFile, file);
  return file;
}
