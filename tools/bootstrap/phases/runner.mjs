import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { existsSync } from 'node:fs';

import { judgeRun } from '../closing-line.mjs';
import { runCommand } from '../command.mjs';
import { inRepository } from '../repository.mjs';

const runTimeoutMs = 45 * 60_000;

/**
 * Runs a test runner with our reporter beside its own, and reads what it counted.
 * The runner's output goes straight to ours.
 *
 * @param {{ program: string, programArguments: string[], configuration: string, cwd: string,
 *   environment: NodeJS.ProcessEnv, signal: AbortSignal, write: (line: string) => void }} options
 * @returns {Promise<import('../closing-line.mjs').PhaseResult>}
 */
export async function runTests(options) {
  const { program, programArguments, configuration, cwd, environment, signal, write } = options;
  if (!existsSync(configuration)) {
    write(`${path.relative(inRepository(), configuration)} is missing.`);
    return judgeRun({ hasFailed: true });
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-test-'));
  const summaryFile = path.join(folder, 'summary.json');
  let hasFailed = false;
  try {
    await runCommand(program, programArguments, {
      cwd,
      env: { ...environment, VOICEBUS_SUMMARY_FILE: summaryFile },
      timeoutMs: runTimeoutMs,
      signal,
      inheritOutput: true,
    }).catch((error) => {
      signal.throwIfAborted();
      hasFailed = true;
      if (error.code !== 1) write(error.message);
    });
    const text = await readFile(summaryFile, 'utf8').catch(() => undefined);
    if (text === undefined) write('The test runner left no summary: it counts as one failure.');
    return judgeRun({ summary: text === undefined ? undefined : JSON.parse(text), hasFailed });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function reporterFile(name) {
  return inRepository('tools', 'bootstrap', 'reporters', `${name}-summary.mjs`);
}
