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
  #errors = [];

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  onError(error) {
    this.#errors.push({ what: 'Outside of the tests', why: error?.message ?? '' });
  }

  onEnd() {
    const counts = { passed: 0, failed: this.#errors.length, skipped: 0 };
    const tests = [];
    const failures = [...this.#errors];
    for (const test of this.#suite?.allTests() ?? []) {
      // Skipped is also what was never begun, since the run ended before.
      const isUnbegun = test.outcome() === 'skipped' && test.expectedStatus !== 'skipped';
      const outcome = isUnbegun ? 'failed' : outcomes[test.outcome()];
      counts[outcome] += 1;
      // The first three parts name the project and the file.
      const name = test.titlePath().slice(3).join(' > ');
      const file = path.relative(process.cwd(), test.location.file);
      const durationMs = test.results.reduce((sum, { duration }) => sum + duration, 0);
      tests.push({ name, file, durationMs });
      if (outcome !== 'failed') continue;
      const errors = test.results.flatMap((result) => result.errors ?? []);
      const why = isUnbegun
        ? 'never begun, since the run ended before'
        : errors.map(({ message }) => message).join('\n');
      failures.push({ what: `${file} › ${name}`, why });
    }
    const file = process.env.VOICEBUS_SUMMARY_FILE;
    if (file) writeFileSync(file, JSON.stringify({ counts, tests, failures }));
  }

  printsToStdio() {
    return false;
  }
}
