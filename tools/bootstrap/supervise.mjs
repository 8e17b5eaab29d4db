// A service that ends by itself is started again: at once the first time, then less and less often.
const firstWaitMs = 500;
const longestWaitMs = 15_000;
/** Who ran this long was well: the next end is a first one again. */
const wellAfterMs = 30_000;

/**
 * @param {{ children: ReturnType<typeof import('./children.mjs').createChildren>, signal: AbortSignal,
 *   write: (line: string) => void }} options
 */
export function createSupervisor({ children, signal, write }) {
  return {
    /** @param {Parameters<typeof children.start>[0]} service */
    keep(service) {
      let waitMs = firstWaitMs;
      const run = () => {
        const startedMs = performance.now();
        children.start({
          ...service,
          onExit: (text) => {
            if (signal.aborted) return;
            if (performance.now() - startedMs > wellAfterMs) waitMs = firstWaitMs;
            write(`${text} It is started again in ${(waitMs / 1000).toFixed(1)} s.`);
            const timer = setTimeout(run, waitMs);
            signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
            waitMs = Math.min(longestWaitMs, 2 * waitMs);
          },
        });
      };
      run();
    },
  };
}
