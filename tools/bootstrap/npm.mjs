import { existsSync } from 'node:fs';
import path from 'node:path';

/** How to run the machine's own npm: the one that runs us, else the one beside Node. */
export function npmCommand(environment = process.env) {
  const beside = path.join(
    path.dirname(process.execPath),
    'node_modules',
    'npm',
    'bin',
    'npm-cli.js',
  );
  for (const file of [environment.npm_execpath, beside]) {
    if (file?.endsWith('npm-cli.js') && existsSync(file)) return [process.execPath, file];
  }
  return ['npm'];
}

/**
 * The environment without what npm tells its scripts about the package that they
 * belong to: another npm would take it for its own. Settings stay.
 */
export function npmEnvironment(environment = process.env) {
  const about =
    /^(npm_(package|lifecycle)_|npm_(command|execpath|node_execpath)$|npm_config_(local_prefix|prefix|global_prefix)$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !about.test(name)));
}
