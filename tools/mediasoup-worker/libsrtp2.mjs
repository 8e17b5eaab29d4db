import { mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { runCommand } from '../bootstrap/command.mjs';

const stepTimeoutMs = 180_000;

/** The parts of an archive that carry libsrtp's source, and the key it is signed with. */
const archives = {
  debian: { components: 'main', keyring: '/usr/share/keyrings/debian-archive-keyring.gpg' },
  ubuntu: {
    components: 'main universe',
    keyring: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
  },
};

/**
 * Unpacks the distribution's source package of libsrtp 2 into `targetFolder`,
 * verified by apt against the archive's signature. apt works on folders of its own
 * here: the machine's list of sources, which rarely names source packages, stays
 * untouched and no root is needed.
 */
export async function fetchLibsrtp2({ targetFolder, signal }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'voicebus-libsrtp2-'));
  try {
    for (const part of ['parts', 'lists/partial', 'cache/archives/partial', 'source']) {
      await mkdir(path.join(folder, part), { recursive: true });
    }
    await writeFile(path.join(folder, 'parts', 'source.sources'), await describeArchive(signal));
    const apt = (programArguments) =>
      runCommand('apt-get', [...aptOptions(folder), '-qq', ...programArguments], {
        cwd: path.join(folder, 'source'),
        timeoutMs: stepTimeoutMs,
        signal,
      });
    await apt(['update']);
    await apt(['source', '--download-only', 'libsrtp2']);
    const files = await readdir(path.join(folder, 'source'));
    const description = files.find((name) => name.endsWith('.dsc'));
    if (!description) throw new Error('apt-get fetched no source package of libsrtp2.');
    // apt has checked the signature; dpkg-source would ask for a developer's keyring.
    await runCommand('dpkg-source', ['--no-check', '-x', description, 'unpacked'], {
      cwd: path.join(folder, 'source'),
      timeoutMs: stepTimeoutMs,
      signal,
    });
    await moveFolder(path.join(folder, 'source', 'unpacked'), targetFolder, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function aptOptions(folder) {
  const settings = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${folder}/parts`,
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    // apt's own user may not enter a private temporary folder.
    'APT::Sandbox::User=root',
    'Acquire::Retries=2',
    'Acquire::http::Timeout=30',
    'Acquire::https::Timeout=30',
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

/** The mirror that this machine already uses for its binary packages, as a source of sources. */
async function describeArchive(signal) {
  const release = Object.fromEntries(
    (await readFile('/etc/os-release', 'utf8'))
      .split('\n')
      .map((line) => line.split('='))
      .map(([key, value = '']) => [key, value.replaceAll('"', '')]),
  );
  const archive = archives[release.ID] ?? archives.debian;
  const codename = release.VERSION_CODENAME;
  const targets = await runCommand(
    'apt-get',
    ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', `Codename: ${codename}`],
    { timeoutMs: stepTimeoutMs, signal },
  );
  const mirror = targets.split('\n').find((line) => line.includes('://'));
  if (!mirror) {
    throw new Error(`apt knows no mirror for "${codename}": run apt-get update and try again.`);
  }
  return [
    'Types: deb-src',
    `URIs: ${mirror}`,
    `Suites: ${codename}`,
    `Components: ${archive.components}`,
    `Signed-By: ${archive.keyring}`,
    '',
  ].join('\n');
}

async function moveFolder(from, to, signal) {
  await rm(to, { recursive: true, force: true });
  await mkdir(path.dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    // The temporary folder may be on another file system.
    if (error.code !== 'EXDEV') throw error;
    await runCommand('cp', ['-a', from, to], { timeoutMs: stepTimeoutMs, signal });
  }
}
