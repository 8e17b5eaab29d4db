import { expect, test } from 'vitest';

import {
  addCounts,
  judgeRun,
  writeClosingLine,
  writeFailures,
  writeSlowest,
} from './closing-line.mjs';

test('the line names what was skipped only when something was', () => {
  expect(writeClosingLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed');
  expect(writeClosingLine({ passed: 1, failed: 2, skipped: 3 })).toBe(
    '1 passed, 2 failed, 3 skipped',
  );
});

test('counts of all phases are summed', () => {
  const check = { passed: 1, failed: 0, skipped: 0 };
  const unit = { passed: 40, failed: 2, skipped: 1 };
  expect(addCounts([check, check, unit])).toEqual({ passed: 42, failed: 2, skipped: 1 });
});

test('a run that explains itself is taken as it is', () => {
  const counts = { passed: 3, failed: 1, skipped: 0 };
  expect(
    judgeRun({ summary: { counts, tests: [], failures: [] }, hasFailed: true }).counts,
  ).toEqual(counts);
});

test('a run that failed without a failed test has failed once', () => {
  const summary = { counts: { passed: 3, failed: 0, skipped: 0 }, tests: [], failures: [] };
  const { counts, failures } = judgeRun({ summary, hasFailed: true });
  expect(counts.failed).toBe(1);
  expect(failures).toEqual([{ what: 'The test runner', why: expect.stringContaining('beside') }]);
});

test('a run without a summary or without a test has failed once', () => {
  const empty = { counts: { passed: 0, failed: 0, skipped: 0 }, tests: [], failures: [] };
  expect(judgeRun({ hasFailed: true }).counts.failed).toBe(1);
  expect(judgeRun({ hasFailed: false }).counts.failed).toBe(1);
  expect(judgeRun({ summary: empty, hasFailed: false }).counts.failed).toBe(1);
});

test('the slowest tests come first, ten of them', () => {
  const tests = Array.from({ length: 12 }, (_, index) => ({
    name: `test ${index}`,
    file: 'a.test.ts',
    durationMs: index * 100,
  }));
  const lines = writeSlowest(tests);
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('    1.10 s  a.test.ts › test 11');
});

test('failures come once more at the end: each with its name, and not all of a long reason', () => {
  const why = `\u001B[31mexpected 1 to be 2\u001B[39m\n${'more\n'.repeat(30)}`;
  const lines = writeFailures([{ what: 'a.test.ts › adds', why }], 3);
  expect(lines).toEqual([
    '  a.test.ts › adds',
    '      expected 1 to be 2',
    '      more',
    '      more',
  ]);
});
