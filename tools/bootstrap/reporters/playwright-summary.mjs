import { writeFileSync } from 'node:fs';
import path from 'node:path';

const outcomes = { expected: 'passed', skipped: 'skipped', unexpected: 'failed', flaky: 'failed' };

/**
 * Counts a Playwright run into the file that VOICEBUS_SUMMARY_FILE names, with errors
 * outside of tests (files that do not load, a server that does not start) as
 * failures. A test that passes at the second attempt only has failed.
 */
export default class PlaywrightSummary {
  #suite;
  #errors = 0;

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  onError() {
    this.#errors += 1;
  }

  onEnd() {
    const counts = { passed: 0, failed: this.#errors, skipped: 0 };
    const tests = [];
    for (const test of this.#suite?.allTests() ?? []) {
      // Skipped is also what was never begun, since the run ended before.
      const isUnbegun = test.outcome() === 'skipped' && test.expectedStatus !== 'skipped';
      counts[isUnbegun ? 'failed' : outcomes[test.outcome()]] += 1;
      tests.push({
        // The first three parts name the project and the file.
        name: test.titlePath().slice(3).join(' > '),
        file: path.relative(process.cwd(), test.location.file),
        durationMs: test.results.reduce((sum, { duration }) => sum + duration, 0),
      });
    }
    const file = process.env.VOICEBUS_SUMMARY_FILE;
    if (file) writeFileSync(file, JSON.stringify({ counts, tests }));
  }

  printsToStdio() {
    return false;
  }
}
