import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNGramModel } from './n-gram-model.ts';

/**
 * The file with the language model of these sentences, made once per content. It is put in place
 * whole, so that processes which start at the same time do not read each other's half.
 */
export async function ensureDomainModel(
  sentences: readonly string[],
  cacheFolder: string,
): Promise<string> {
  const model = createNGramModel(sentences);
  const hash = createHash('sha256').update(model).digest('hex').slice(0, 16);
  const file = join(cacheFolder, `domain-${hash}.lm`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (isThere) return file;
  await mkdir(cacheFolder, { recursive: true });
  const temporaryFile = `${file}.${randomUUID()}`;
  await writeFile(temporaryFile, model);
  await rename(temporaryFile, file);
  return file;
}
