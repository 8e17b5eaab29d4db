import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

import { readableLine } from './log-line.mjs';
import { killAllGroups, signalGroup, trackGroup } from './process-group.mjs';
import { inRepository } from './repository.mjs';

// Everything must be gone 5 s after it was asked for; the rest is for the kill itself.
const politeEndMs = 4000;

const exitWithParent = pathToFileURL(
  inRepository('tools', 'bootstrap', 'exit-with-parent.mjs'),
).href;

/**
 * The services of one `npm start`. Each has a process group of its own, so that the
 * terminal's Ctrl-C reaches only us and the services end in good order.
 *
 * @param {{ write: (line: string) => void }} options
 */
export function createChildren({ write }) {
  const running = new Map();
  let prefixWidth = 0;
  let reportExit;
  const firstExit = new Promise((resolve) => (reportExit = resolve));

  return {
    /** Settles with what to tell when a service ends by itself. */
    firstExit,

    /**
     * @param {{ name: string, nodeFile: string, nodeArguments: string[], cwd: string,
     *   environment: NodeJS.ProcessEnv, onExit?: (text: string) => void }} options
     *   `onExit` is told instead of `firstExit`: for services that are started again.
     */
    start({ name, nodeFile, nodeArguments, cwd, environment, onExit = reportExit }) {
      prefixWidth = Math.max(prefixWidth, name.length);
      const child = spawn(nodeFile, ['--import', exitWithParent, ...nodeArguments], {
        cwd,
        env: { ...environment, VOICEBUS_PARENT_PIPE: '1' },
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
      });
      trackGroup(child);
      // It never reads, so a write would fail; nothing is ever written.
      child.stdin.on('error', () => {});
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on('line', (line) =>
          write(`${name.padEnd(prefixWidth)} | ${readableLine(line)}`),
        );
      }
      const ended = new Promise((resolve) => {
        child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`));
        child.once('exit', (code, signal) =>
          resolve(`${name} ended by itself with ${signal ?? `code ${code}`}.`),
        );
      });
      running.set(child, ended);
      void ended.then((text) => {
        running.delete(child);
        onExit(text);
      });
    },

    /** Asks all to end, and ends them when they do not. */
    async stop() {
      const ended = Promise.all(running.values());
      for (const child of running.keys()) signalGroup(child, 'SIGTERM');
      let timer;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, politeEndMs)));
      await Promise.race([ended, late]);
      clearTimeout(timer);
      // Also what a service that has ended may have left behind.
      killAllGroups();
    },
  };
}
