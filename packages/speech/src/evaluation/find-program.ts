import { homedir } from 'node:os';
import { join } from 'node:path';

/** Builds the recogniser as a start does, for a command that was not given one. */
export async function findProgram(): Promise<string> {
  const builder = new URL('../../../../tools/recogniser/build.mjs', import.meta.url);
  const module: unknown = await import(builder.href);
  if (!isBuilder(module)) throw new TypeError('tools/recogniser/build.mjs has changed');
  const path = await module.ensureRecogniser({
    cacheDir: join(homedir(), '.cache', 'voicebus'),
    log: (line) => process.stderr.write(`${line}\n`),
    ensureDebianPackages: ({ packages }) =>
      Promise.reject(new Error(`install these first: ${packages.join(' ')}`)),
  });
  if (path === undefined) throw new Error('the recogniser can not be built on this system');
  return path;
}

interface Builder {
  ensureRecogniser(options: {
    cacheDir: string;
    log: (line: string) => void;
    ensureDebianPackages: (need: { packages: readonly string[] }) => Promise<void>;
  }): Promise<string | undefined>;
}

function isBuilder(module: unknown): module is Builder {
  return typeof module === 'object' && module !== null && 'ensureRecogniser' in module;
}
