import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ensureFile } from './cached-file.ts';
import { createNGramModel } from './n-gram-model.ts';

/** The file with the language model of these sentences, made once per content. */
export async function ensureDomainModel(
  sentences: readonly string[],
  cacheFolder: string,
): Promise<string> {
  const model = createNGramModel(sentences);
  const hash = createHash('sha256').update(model).digest('hex').slice(0, 16);
  return ensureFile(join(cacheFolder, `domain-${hash}.lm`), () => model);
}
