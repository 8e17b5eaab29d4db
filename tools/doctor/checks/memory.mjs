import { freemem } from 'node:os';

import { ok, todo, writeSize } from '../findings.mjs';

/** Measured: the two services with one call by voice take about 0.6 GB; the rest is for the next calls. */
const neededBytes = 1024 ** 3;

export const memory = {
  name: 'memory',
  // What a container may use, where there is one; Node 20's first releases do not say.
  run: () => judgeMemory(process.availableMemory?.() ?? freemem()),
};

export function judgeMemory(availableBytes) {
  if (availableBytes >= neededBytes) return [ok(`${writeSize(availableBytes)} available`)];
  return [
    todo(
      `${writeSize(availableBytes)} available, ${writeSize(neededBytes)} are needed: end other programs`,
    ),
  ];
}
