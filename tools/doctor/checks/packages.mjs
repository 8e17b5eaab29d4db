import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';

import { inRepository } from '../../bootstrap/repository.mjs';
import { ok, todo } from '../findings.mjs';

export const packages = {
  name: 'packages',
  run: async () => {
    // pnpm writes this one when it has installed everything.
    const installed = inRepository('node_modules', '.modules.yaml');
    if (!existsSync(installed)) return judgePackages({});
    const [lock, done] = await Promise.all([stat(inRepository('pnpm-lock.yaml')), stat(installed)]);
    return judgePackages({ lockMs: lock.mtimeMs, installedMs: done.mtimeMs });
  },
};

export function judgePackages({ lockMs, installedMs }) {
  if (installedMs === undefined) return [todo('not installed yet: npm start does it')];
  if (lockMs > installedMs)
    return [ok('installed before the lock was last written: npm start looks again')];
  return [ok('installed')];
}
