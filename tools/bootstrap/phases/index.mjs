import path from 'node:path';

import { inRepository, rootFolder } from '../repository.mjs';
import { runCheck } from './check.mjs';
import { reporterFile, runTests } from './runner.mjs';

const webFolder = inRepository('apps', 'web');

/** What the tests need beside the product itself. */
const speechNeed = {
  packages: ['sox', 'flite'],
  reason: 'callers with a voice in the tests',
  isRequired: false,
};
const browserNeed = {
  packages: ['chromium'],
  reason: 'the tests in a browser',
  isRequired: false,
};

/**
 * @typedef {{ toolchain: import('../toolchain.mjs').Toolchain, environment: NodeJS.ProcessEnv,
 *   signal: AbortSignal, write: (line: string) => void }} PhaseOptions
 * @typedef {{ key: string, name: string, wants: import('../setup.mjs').Wants,
 *   run: (options: PhaseOptions) => Promise<import('../closing-line.mjs').PhaseResult> }} Phase
 */

/** @type {Phase[]} in the order in which they run: the quickest answers first */
export const phases = [
  check('format', 'Format', 'format:check'),
  check('lint', 'Lint', 'lint'),
  check('types', 'Types', 'types'),
  check('dead-code', 'Dead code', 'dead-code'),
  {
    key: 'unit',
    name: 'Unit and integration tests',
    wants: { worker: true, recogniser: true, redis: true, debianNeeds: [speechNeed] },
    run: (options) =>
      runTests({
        ...options,
        program: options.toolchain.nodeFile,
        programArguments: [
          inRepository('node_modules', 'vitest', 'vitest.mjs'),
          'run',
          '--reporter=default',
          `--reporter=${reporterFile('vitest')}`,
        ],
        configuration: inRepository('vitest.config.ts'),
        cwd: rootFolder,
      }),
  },
  browser('pages', 'Pages in a browser', { web: true, debianNeeds: [browserNeed] }),
  // After the pages, and also when one of them failed: what runs beside a call takes the time that it keeps.
  browser('calls', 'Calls in a browser', {
    worker: true,
    recogniser: true,
    redis: true,
    web: true,
    debianNeeds: [browserNeed, speechNeed],
  }),
];

function check(key, name, script) {
  return { key, name, wants: {}, run: (options) => runCheck({ ...options, script }) };
}

/** One project of the browser tests, by its own name. */
function browser(key, name, wants) {
  return {
    key,
    name,
    wants,
    run: (options) =>
      runTests({
        ...options,
        program: options.toolchain.nodeFile,
        programArguments: [
          path.join(webFolder, 'node_modules', '@playwright', 'test', 'cli.js'),
          'test',
          `--project=${key}`,
          '--no-deps',
          `--reporter=list,${reporterFile('playwright')}`,
        ],
        configuration: path.join(webFolder, 'playwright.config.ts'),
        cwd: webFolder,
      }),
  };
}

/** The phases that a list like "unit,pages" names; all without one. */
export function selectPhases(list, all = phases) {
  const keys = (list ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean);
  if (keys.length === 0) return all;
  const known = all.map(({ key }) => key);
  const unknown = keys.filter((key) => !known.includes(key));
  if (unknown.length > 0) {
    throw new Error(
      `VOICEBUS_TEST_ONLY names "${unknown.join('", "')}"; there are: ${known.join(', ')}.`,
    );
  }
  return all.filter(({ key }) => keys.includes(key));
}

/** What setup has to prepare for all of them together. */
export function combineWants(selected) {
  const wants = selected.map((phase) => phase.wants);
  return {
    worker: wants.some(({ worker }) => worker),
    recogniser: wants.some(({ recogniser }) => recogniser),
    web: wants.some(({ web }) => web),
    redis: wants.some(({ redis }) => redis),
    debianNeeds: [...new Set(wants.flatMap(({ debianNeeds = [] }) => debianNeeds))],
  };
}
