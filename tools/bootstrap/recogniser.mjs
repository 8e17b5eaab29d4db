import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { inRepository } from './repository.mjs';

const file = inRepository('tools', 'recogniser', 'build.mjs');

async function load() {
  return existsSync(file) ? import(pathToFileURL(file).href) : undefined;
}

/** What the offline recogniser needs; a start without it is still a start. */
export async function recogniserNeeds() {
  const recogniser = await load();
  if (!recogniser) return [];
  return [
    {
      packages: recogniser.debianPackages,
      reason: 'understanding speech without a cloud service',
      isRequired: false,
    },
  ];
}

/**
 * The offline recogniser's path, or undefined where it cannot be had: callers then
 * type, or a cloud service listens.
 */
export async function obtainRecogniser({ cache, note, ensureDebianPackages }) {
  const recogniser = await load();
  if (!recogniser) return undefined;
  try {
    const path = await recogniser.ensureRecogniser({
      cacheDir: cache,
      log: note,
      ensureDebianPackages,
    });
    if (!path) note('not available here: without a cloud service, callers type instead of talking');
    return path;
  } catch (error) {
    note(`not available here, callers type instead of talking: ${error.message.split('\n')[0]}`);
    return undefined;
  }
}
