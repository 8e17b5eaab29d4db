import { stat } from 'node:fs/promises';

import { inRepository } from '../../bootstrap/repository.mjs';
import { ok, todo } from '../findings.mjs';

/** Files may come from a machine whose clock is a little ahead. */
const allowedMs = 10 * 60_000;

export const clock = {
  name: 'clock',
  run: async () => {
    const files = ['package.json', 'pnpm-lock.yaml', 'README.md'];
    const times = await Promise.all(files.map((file) => stat(inRepository(file))));
    return judgeClock(Date.now(), Math.max(...times.map(({ mtimeMs }) => mtimeMs)));
  },
};

/** Tokens expire by the wall clock, and a container or a machine without a battery may start in the past. */
export function judgeClock(nowMs, newestFileMs) {
  const now = new Date(nowMs).toISOString();
  if (nowMs + allowedMs >= newestFileMs) return [ok(now)];
  const newest = new Date(newestFileMs).toISOString();
  return [todo(`it says ${now}, and files here are from ${newest}: set it, tokens expire by it`)];
}
