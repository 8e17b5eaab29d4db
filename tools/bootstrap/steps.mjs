const progressEveryMs = 10_000;

/** 0.4 s, 12 s, 3 m 05 s */
export function writeDuration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, '0')} s`;
}

/**
 * Named steps with their times, one plain line each, so that they read the same in
 * a terminal, in a log file and when several run beside each other.
 *
 * @param {{ write?: (line: string) => void, now?: () => number }} options
 */
export function createSteps({ write = console.log, now = () => performance.now() } = {}) {
  const startedAt = now();
  return {
    note: write,
    elapsed: () => writeDuration(now() - startedAt),
    /**
     * @param {string} name
     * @param {(step: { note: (text: string) => void, progress: (text: string) => void }) => Promise<T>} action
     * @template T
     */
    async run(name, action) {
      const start = now();
      let lastProgressAt = start;
      const note = (text) => write(`  ${name}: ${text}`);
      const progress = (text) => {
        if (now() - lastProgressAt < progressEveryMs) return;
        lastProgressAt = now();
        note(`${text} (${writeDuration(now() - start)})`);
      };
      try {
        const result = await action({ note, progress });
        write(`✓ ${name} (${writeDuration(now() - start)})`);
        return result;
      } catch (error) {
        // Others may go on beside it for minutes: say at once what has failed.
        const [problem] = error.message.split('\n');
        write(`✗ ${name} (${writeDuration(now() - start)}): ${problem}`);
        throw error;
      }
    },
  };
}
