import { freemem } from 'node:os';

import { CommandError, runCommand } from '../command.mjs';
import { watchMemory } from '../memory-limit.mjs';
import { rootFolder } from '../repository.mjs';

const checkTimeoutMs = 10 * 60_000;
const gigabyte = 1024 ** 3;

/**
 * Runs one of the root package's scripts as a check, which passes or fails as a
 * whole. Only a failure shows its output.
 *
 * @param {{ script: string, toolchain: import('../toolchain.mjs').Toolchain,
 *   environment: NodeJS.ProcessEnv, signal: AbortSignal, write: (line: string) => void }} options
 * @returns {Promise<import('../closing-line.mjs').PhaseResult>}
 */
export async function runCheck({ script, toolchain, environment, signal, write }) {
  // A type-aware linter can take all memory of a machine until it stands still.
  const limitBytes = Math.min(8 * gigabyte, freemem() * 0.7);
  let endWatch;
  try {
    await runCommand(toolchain.pnpmFile, ['run', script], {
      cwd: rootFolder,
      env: environment,
      timeoutMs: checkTimeoutMs,
      signal,
      onSpawn: (child, stop) => {
        if (child.pid === undefined) return;
        endWatch = watchMemory({
          groupId: child.pid,
          limitBytes,
          onExceeded: (bytes) =>
            stop(`was stopped at ${(bytes / gigabyte).toFixed(1)} GB of memory`),
        });
      },
    });
    return { counts: { passed: 1, failed: 0, skipped: 0 }, tests: [], failures: [] };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CommandError)) throw error;
    write(error.output.trimEnd());
    write(`"${script}" ${error.problem}.`);
    const failure = { what: `"${script}" ${error.problem}.`, why: lastLines(error.output) };
    return { counts: { passed: 0, failed: 1, skipped: 0 }, tests: [], failures: [failure] };
  } finally {
    endWatch?.();
  }
}

/** Checks name what they found at their end. */
function lastLines(output) {
  return output.trim().split('\n').slice(-12).join('\n');
}
