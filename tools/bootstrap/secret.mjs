import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';

import { writeAtomically } from './cache.mjs';
import { inRepository } from './repository.mjs';

/**
 * The secret that signs the callers' tokens. Without one in the environment it is
 * made once and kept, so that a caller's token survives a restart.
 */
export async function ensureSecret(environment, folder = inRepository('.voicebus')) {
  if (environment.VOICEBUS_SECRET) return environment.VOICEBUS_SECRET;
  const file = `${folder}/secret`;
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim()) return kept.trim();
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o700);
  const secret = randomBytes(32).toString('base64url');
  await writeAtomically(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
