import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Counts a vitest run into the file that VOICEBUS_SUMMARY_FILE names. Besides failed
 * tests it counts what fails around them: files that do not load, hooks, and errors
 * that nobody caught.
 */
export default class VitestSummary {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const tests = [];
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed += 1;
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) counts.failed += 1;
      }
      for (const test of module.children.allTests()) {
        counts[outcomeOf(test)] += 1;
        tests.push({
          name: test.fullName,
          file: path.relative(process.cwd(), module.moduleId),
          durationMs: test.diagnostic()?.duration ?? 0,
        });
      }
    }
    const file = process.env.VOICEBUS_SUMMARY_FILE;
    if (file) writeFileSync(file, JSON.stringify({ counts, tests }));
  }
}

/** A test that never came to its end has not passed. */
function outcomeOf(test) {
  const { state } = test.result();
  return state === 'passed' || state === 'skipped' ? state : 'failed';
}
