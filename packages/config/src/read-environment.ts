import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';

/** Values by name; a blank one counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A setting is missing or wrong. The message names it, what it may be, and where to set it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The process's environment over the repository's root `.env`. */
export function readEnvironment(from: string = process.cwd()): Environment {
  const file = join(repositoryRoot(from), '.env');
  const inFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  return withoutBlanks({ ...inFile, ...withoutBlanks(process.env) });
}

/** Checks the settings of one service; throws a `ConfigError` that lists everything that is wrong. */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
): z.infer<Schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const lines = result.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new ConfigError(
    `These settings are wrong:\n${lines.join('\n')}\nSet them in the environment or in .env; .env.example explains each.`,
  );
}

function withoutBlanks(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => (value ?? '').trim() !== ''),
  );
}

/** The workspace's root, wherever below it a service was started; else that place itself. */
function repositoryRoot(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'pnpm-workspace.yaml'))) return folder;
    if (dirname(folder) === folder) return from;
  }
}
