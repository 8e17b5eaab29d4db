import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import PlaywrightSummary from './playwright-summary.mjs';
import VitestSummary from './vitest-summary.mjs';

let summaryFile;

beforeEach(async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-reporters-'));
  summaryFile = path.join(folder, 'summary.json');
  vi.stubEnv('VOICEBUS_SUMMARY_FILE', summaryFile);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

async function readSummary() {
  return JSON.parse(await readFile(summaryFile, 'utf8'));
}

function vitestModule({ tests = [], errors = [], suiteErrors = [] }) {
  return {
    moduleId: path.resolve('packages/a.test.ts'),
    errors: () => errors,
    children: {
      allSuites: () => [{ errors: () => suiteErrors }],
      allTests: () =>
        tests.map(([fullName, state]) => ({
          fullName,
          result: () => ({
            state,
            ...(state === 'failed' && { errors: [new Error(`${fullName} broke`)] }),
          }),
          diagnostic: () => ({ duration: 5 }),
        })),
    },
  };
}

test('vitest: tests are counted by their outcome; one that did not finish has failed', async () => {
  const tests = [
    ['a', 'passed'],
    ['b', 'failed'],
    ['c', 'skipped'],
    ['d', 'pending'],
  ];
  new VitestSummary().onTestRunEnd([vitestModule({ tests })], []);
  const summary = await readSummary();
  expect(summary.counts).toEqual({ passed: 1, failed: 2, skipped: 1 });
  expect(summary.failures[0]).toEqual({ what: 'packages/a.test.ts › b', why: 'b broke' });
  expect(summary.tests[0]).toEqual({ name: 'a', file: 'packages/a.test.ts', durationMs: 5 });
});

test('vitest: files that do not load, hooks and uncaught errors are failures', async () => {
  const modules = [
    vitestModule({ errors: [new Error('no such module')] }),
    vitestModule({ tests: [['a', 'skipped']], suiteErrors: [new Error('beforeAll')] }),
  ];
  new VitestSummary().onTestRunEnd(modules, [new Error('unhandled rejection')]);
  const { counts, failures } = await readSummary();
  expect(counts).toEqual({ passed: 0, failed: 3, skipped: 1 });
  expect(failures.map(({ why }) => why)).toEqual([
    'unhandled rejection',
    'no such module',
    'beforeAll',
  ]);
});

function playwrightTest(title, outcome, expectedStatus = 'passed') {
  return {
    outcome: () => outcome,
    expectedStatus,
    titlePath: () => ['', 'chromium', 'call.spec.ts', title],
    location: { file: path.resolve('call.spec.ts') },
    results: [{ duration: 100 }, { duration: 50 }],
  };
}

test('Playwright: a second attempt, an unbegun test and an error outside are failures', async () => {
  const reporter = new PlaywrightSummary();
  const tests = [
    playwrightTest('talks', 'expected'),
    playwrightTest('flickers', 'flaky'),
    playwrightTest('never begun', 'skipped'),
    playwrightTest('not on this system', 'skipped', 'skipped'),
  ];
  reporter.onBegin({}, { allTests: () => tests });
  reporter.onError();
  reporter.onEnd();
  const summary = await readSummary();
  expect(summary.counts).toEqual({ passed: 1, failed: 3, skipped: 1 });
  expect(summary.failures.map(({ what }) => what)).toEqual([
    'Outside of the tests',
    'call.spec.ts › flickers',
    'call.spec.ts › never begun',
  ]);
  expect(summary.tests[0]).toEqual({ name: 'talks', file: 'call.spec.ts', durationMs: 150 });
});

test('Playwright: a run without any loaded file still leaves a summary', async () => {
  const reporter = new PlaywrightSummary();
  reporter.onError();
  reporter.onEnd();
  expect((await readSummary()).counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
});
