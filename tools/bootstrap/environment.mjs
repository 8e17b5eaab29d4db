import { readFileSync } from 'node:fs';

import { inRepository } from './repository.mjs';

const line = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/;

/**
 * Reads `NAME=value` lines as Node's own reader does. (Node 20's first releases do
 * not have it yet.) Values over several lines are not needed here: the services
 * read the file by themselves.
 */
export function parseEnvironmentFile(text) {
  const values = {};
  for (const entry of text.split(/\r?\n/)) {
    const [, name, rest] = line.exec(entry) ?? [];
    if (!name) continue;
    const quoted = /^(["'`])(.*?)\1/.exec(rest);
    values[name] = quoted ? quoted[2] : rest.replace(/\s*#.*$/, '');
  }
  return values;
}

/** The environment over the root `.env`; blank means unset, as for the services. */
export function readEnvironment(environment = process.env, file = inRepository('.env')) {
  const merged = {};
  for (const source of [parseEnvironmentFile(readIfPresent(file)), environment]) {
    for (const [name, value] of Object.entries(source)) {
      if (value?.trim()) merged[name] = value;
    }
  }
  return merged;
}

function readIfPresent(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
