import { spawn } from 'node:child_process';
import path from 'node:path';

import { guardAgainstOrphaning } from './orphan-guard.mjs';
import { forgetGroup, signalGroup, trackGroup } from './process-group.mjs';

const outputLimit = 1_000_000;
const headLength = 1500;
const tailLength = 2500;

// An asked-for end has to be over within 5 s, this is its smaller half.
const politeEndMs = 2000;

export class CommandError extends Error {
  constructor(message, { problem, output, code }) {
    super(message);
    /** In short, without the output. */
    this.problem = problem;
    this.name = 'CommandError';
    this.output = output;
    this.code = code;
  }
}

/**
 * Runs a program to its end and gives what it printed. A failure carries the beginning
 * and the end of the output, where tools say what went wrong. The
 * program has a process group of its own, so that stopping it reaches whatever
 * it has started.
 *
 * @param {string} program
 * @param {string[]} programArguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs: number, signal?: AbortSignal,
 *   inheritOutput?: boolean, onLine?: (line: string) => void,
 *   onSpawn?: (child: import('node:child_process').ChildProcess, stop: (reason: string) => void) => void }} options
 * @returns {Promise<string>}
 */
export function runCommand(program, programArguments, options) {
  return new Promise((resolve, reject) => {
    const stream = options.inheritOutput ? 'inherit' : 'pipe';
    const child = spawn(...guardAgainstOrphaning(program, programArguments), {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', stream, stream],
      detached: process.platform !== 'win32',
    });
    trackGroup(child);
    let output = '';
    let stoppedBecause;
    let forcedEnd;
    const stop = (reason) => {
      stoppedBecause ??= reason;
      signalGroup(child, 'SIGTERM');
      forcedEnd ??= setTimeout(() => signalGroup(child, 'SIGKILL'), politeEndMs);
    };
    const deadline = setTimeout(
      () => stop(`was stopped, it still ran after ${Math.round(options.timeoutMs / 1000)} s`),
      options.timeoutMs,
    );
    const onAbort = () => stop('was stopped');
    options.signal?.addEventListener('abort', onAbort, { once: true });

    const collectFrom = (stream) => {
      let pendingLine = '';
      stream?.setEncoding('utf8').on('data', (chunk) => {
        output = (output + chunk).slice(-outputLimit);
        const lines = (pendingLine + chunk).split('\n');
        pendingLine = lines.pop() ?? '';
        for (const line of lines) options.onLine?.(line);
      });
    };
    collectFrom(child.stdout);
    collectFrom(child.stderr);

    const settle = (problem, code) => {
      clearTimeout(deadline);
      clearTimeout(forcedEnd);
      forgetGroup(child);
      options.signal?.removeEventListener('abort', onAbort);
      if (!problem) return resolve(output);
      const details = shorten(output.trim());
      const message = `${path.basename(program)} ${problem}${details ? `:\n${details}` : '.'}`;
      reject(new CommandError(message, { problem, output, code }));
    };
    child.once('error', (error) => settle(`could not be started (${error.message})`));
    child.once('close', (code, signal) => {
      if (stoppedBecause) settle(stoppedBecause, code);
      else settle(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`, code);
    });
    options.onSpawn?.(child, stop);
    if (options.signal?.aborted) onAbort();
  });
}

function shorten(text) {
  if (text.length <= headLength + tailLength) return text;
  return `${text.slice(0, headLength)}\n…\n${text.slice(-tailLength)}`;
}
