import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Counts a vitest run into the file that VOICEBUS_SUMMARY_FILE names. Besides failed
 * tests it counts what fails around them: files that do not load, hooks, and errors
 * that nobody caught.
 */
export default class VitestSummary {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    const tests = [];
    const failures = [];
    const fail = (what, errors) => {
      counts.failed += 1;
      failures.push({ what, why: errors.map(({ message }) => message).join('\n') });
    };
    for (const error of unhandledErrors) fail('Caught by nobody', [error]);
    for (const module of modules) {
      const file = path.relative(process.cwd(), module.moduleId);
      if (module.errors().length > 0) fail(file, module.errors());
      for (const suite of module.children.allSuites()) {
        if (suite.errors().length > 0) fail(`${file} › ${suite.fullName}`, suite.errors());
      }
      for (const test of module.children.allTests()) {
        const { state, errors = [] } = test.result();
        const name = test.fullName;
        tests.push({ name, file, durationMs: test.diagnostic()?.duration ?? 0 });
        if (state === 'passed' || state === 'skipped') counts[state] += 1;
        // A test that never came to its end has not passed.
        else fail(`${file} › ${name}`, errors);
      }
    }
    const summaryFile = process.env.VOICEBUS_SUMMARY_FILE;
    if (summaryFile) writeFileSync(summaryFile, JSON.stringify({ counts, tests, failures }));
  }
}
