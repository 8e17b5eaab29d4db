import { readFile } from 'node:fs/promises';

import { cacheFolder } from '../bootstrap/cache.mjs';
import { runCommand } from '../bootstrap/command.mjs';
import { readEnvironment } from '../bootstrap/environment.mjs';
import { inRepository, rootFolder } from '../bootstrap/repository.mjs';
import { findToolchain } from '../bootstrap/toolchain.mjs';

// Node's start and the reading of a few files.
const settingsTimeoutMs = 20_000;

/**
 * What the checks look at. Nothing here fetches, builds or changes anything.
 *
 * @typedef {{ environment: Record<string, string>, cache: string,
 *   toolchain: { nodeFile?: string, pnpmFile?: string }, keptSecret: string, settings: SettingsResult,
 *   signal: AbortSignal }} Context
 * @typedef {{ settings: import('@voicebus/config').TransportAgentConfig } | { problem: string }
 *   | { unread: string }} SettingsResult
 */

/** @returns {Promise<Context>} */
export async function readContext(signal) {
  const cache = cacheFolder();
  const environment = readEnvironment();
  const toolchain = await findToolchain(cache);
  const keptSecret = await readFile(inRepository('.voicebus', 'secret'), 'utf8').catch(() => '');
  const context = { environment, cache, toolchain, keptSecret: keptSecret.trim(), signal };
  return { ...context, settings: await readSettings(context) };
}

/** As the services read them: by their own schema, which host Node may be too old to load. */
async function readSettings({ environment, toolchain, keptSecret, signal }) {
  if (!toolchain.nodeFile) return { unread: 'no Node that can read them is here yet' };
  // Its absence hides every other mistake, and has a check of its own.
  const secret = environment.VOICEBUS_SECRET ?? (keptSecret || 'not made yet: '.padEnd(32, '.'));
  try {
    const output = await runCommand(
      toolchain.nodeFile,
      [inRepository('tools', 'doctor', 'read-settings.mjs')],
      {
        cwd: rootFolder,
        env: { ...process.env, VOICEBUS_SECRET: secret },
        timeoutMs: settingsTimeoutMs,
        signal,
      },
    );
    return JSON.parse(output.slice(output.indexOf('{')));
  } catch (error) {
    return { unread: error.problem ?? error.message.split('\n')[0] };
  }
}
