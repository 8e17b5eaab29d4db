import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ name: string, file: string, durationMs: number }} TimedTest
 * @typedef {{ what: string, why: string }} Failure
 * @typedef {{ counts: Counts, tests: TimedTest[], failures: Failure[] }} PhaseResult
 */

/** @param {Counts[]} counts */
export function addCounts(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of counts) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

/** @param {Counts} counts */
export function writeClosingLine({ passed, failed, skipped }) {
  const skippedText = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${passed} passed, ${failed} failed${skippedText}`;
}

/** @param {TimedTest[]} tests */
export function writeSlowest(tests, count = 10) {
  const slowest = tests.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, count);
  return slowest.map(
    ({ name, file, durationMs }) =>
      `${(durationMs / 1000).toFixed(2).padStart(8)} s  ${file} › ${name}`,
  );
}

/**
 * Every failure once more, where a log that was cut at its beginning still has it.
 *
 * @param {Failure[]} failures
 */
export function writeFailures(failures, linesEach = 12) {
  return failures.flatMap(({ what, why }) => [
    `  ${what}`,
    ...stripVTControlCharacters(why)
      .trim()
      .split('\n')
      .slice(0, linesEach)
      .map((line) => `      ${line}`),
  ]);
}

/**
 * The result of a test runner: its own summary, which must agree with its exit
 * code. A runner that failed without a failed test, or that ran no test, or that
 * left no summary, has failed once.
 *
 * @param {{ summary?: PhaseResult, hasFailed: boolean }} run
 * @returns {PhaseResult}
 */
export function judgeRun({ summary, hasFailed }) {
  const { counts, tests, failures } = summary ?? {
    counts: addCounts([]),
    tests: [],
    failures: [],
  };
  const ranNothing = counts.passed + counts.failed === 0;
  const isUnexplained = hasFailed && counts.failed === 0;
  if (!ranNothing && !isUnexplained) return { counts, tests, failures };
  const unexplained = {
    what: 'The test runner',
    why: summary ? 'failed beside its tests: see its output.' : 'left no summary.',
  };
  return {
    counts: { ...counts, failed: counts.failed + 1 },
    tests,
    failures: [...failures, unexplained],
  };
}
