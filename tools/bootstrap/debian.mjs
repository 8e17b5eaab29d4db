import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { cacheFolder, withLock } from './cache.mjs';
import { runCommand } from './command.mjs';
import { withoutServiceStarts } from './debian-services.mjs';

const installTimeoutMs = 20 * 60_000;
const updateTimeoutMs = 180_000;
// As long as apt itself is told to wait for the lock of dpkg.
const lockWaitMs = 120_000;

/** @typedef {{ packages: string[], reason: string, isRequired?: boolean }} DebianNeed */

export function isDebian() {
  return (
    process.platform === 'linux' && existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg')
  );
}

/** Those of the packages that are not (or not completely) installed. */
export async function findMissingPackages(packages, { query = queryPackages } = {}) {
  if (packages.length === 0) return [];
  const installed = new Set(
    (await query(packages))
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([, status]) => status === 'installed')
      .map(([name]) => name),
  );
  return [...new Set(packages)].filter((name) => !installed.has(name));
}

async function queryPackages(packages) {
  const format = '${Package} ${db:Status-Status}\n';
  try {
    return await runCommand('dpkg-query', ['-W', '-f', format, ...packages], { timeoutMs: 30_000 });
  } catch (error) {
    // It ends with 1 when it does not know one of them, and still lists the others.
    if (error.code === 1) return error.output;
    throw error;
  }
}

/**
 * What to do about the needs of one command, as one list: pure, so that every
 * outcome can be tested.
 *
 * @param {{ needs: (DebianNeed & { missing: string[] })[], isRoot: boolean, mayInstall: boolean }} options
 */
export function planInstallation({ needs, isRoot, mayInstall }) {
  const open = needs.filter(({ missing }) => missing.length > 0);
  const packages = [...new Set(open.flatMap(({ missing }) => missing))];
  if (packages.length === 0) return { action: 'nothing', packages, lines: [] };
  const reasons = open.map(({ missing, reason }) => `  ${missing.join(' ')}: ${reason}`);
  const command = `sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (mayInstall && isRoot) {
    return { action: 'install', packages, lines: ['Debian packages to install:', ...reasons] };
  }
  const isRequired = open.some((need) => need.isRequired !== false);
  if (!mayInstall && !isRequired) {
    return {
      action: 'skip',
      packages,
      lines: ['Not installed, since VOICEBUS_NO_INSTALL=1 forbids it:', ...reasons],
    };
  }
  const why = mayInstall
    ? 'Debian packages are missing, and only root may install them:'
    : 'Debian packages are missing, and VOICEBUS_NO_INSTALL=1 forbids installing them:';
  return { action: 'refuse', packages, lines: [why, ...reasons, 'Install them with:', command] };
}

/**
 * Installs what is missing of all needs at once, after saying what and why.
 *
 * @param {DebianNeed[]} needs
 * @param {{ note: (line: string) => void, progress?: (text: string) => void, signal?: AbortSignal,
 *   environment?: NodeJS.ProcessEnv }} options
 */
export async function installDebianNeeds(needs, options) {
  const { note, environment = process.env } = options;
  if (needs.length === 0) return;
  if (!isDebian()) return refuseOffDebian(needs, note);
  const missing = new Set(await findMissingPackages(needs.flatMap(({ packages }) => packages)));
  const plan = planInstallation({
    needs: needs.map((need) => ({
      ...need,
      missing: need.packages.filter((name) => missing.has(name)),
    })),
    isRoot: process.getuid?.() === 0,
    mayInstall: environment.VOICEBUS_NO_INSTALL !== '1',
  });
  if (plan.action === 'refuse') throw new Error(plan.lines.join('\n'));
  for (const line of plan.lines) note(line);
  if (plan.action === 'install') await install(plan.packages, options);
}

/**
 * The form that single steps use. Whatever setup has installed for them before is
 * found installed here.
 *
 * @param {{ note: (line: string) => void, signal?: AbortSignal, environment?: NodeJS.ProcessEnv }} options
 */
export function createEnsureDebianPackages(options) {
  return async ({ packages, reason }) => {
    await installDebianNeeds([{ packages, reason }], options);
  };
}

function refuseOffDebian(needs, note) {
  for (const { packages, reason, isRequired } of needs) {
    const text = `${reason} needs what Debian calls ${packages.join(' ')}; they are not installed by themselves on this system.`;
    if (isRequired !== false) throw new Error(text);
    note(text);
  }
}

async function install(packages, { signal, note, progress }) {
  await withLock(
    path.join(cacheFolder(), 'apt.lock'),
    { timeoutMs: installTimeoutMs, signal, onWait: () => note('waiting for another installation') },
    () => withoutServiceStarts(() => runApt(packages, { signal, note, progress })),
  );
}

async function runApt(packages, { signal, note, progress }) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const onLine = (line) => {
    if (/^(Get|Unpacking|Setting up)/.test(line)) progress?.(line.slice(0, 70));
  };
  const run = (program, programArguments, timeoutMs) =>
    runCommand(program, programArguments, { env, timeoutMs, signal, onLine });
  // An installation that was interrupted earlier has to be finished first.
  await run('dpkg', ['--configure', '-a'], installTimeoutMs);
  try {
    await retryWhileLocked(() => run('apt-get', ['update'], updateTimeoutMs), signal);
  } catch (error) {
    // One unreachable archive among several is no reason to stop; the installation tells.
    note(`apt-get update did not fully succeed: ${error.message.split('\n').at(-1)}`);
  }
  const install = ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120'];
  await retryWhileLocked(() => run('apt-get', [...install, ...packages], installTimeoutMs), signal);
}

async function retryWhileLocked(action, signal) {
  const deadline = Date.now() + lockWaitMs;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      const isLocked = /could not get lock|unable to (acquire|lock)/i.test(error.output ?? '');
      if (!isLocked || Date.now() > deadline) throw error;
      await delay(2000, undefined, { signal });
    }
  }
}
