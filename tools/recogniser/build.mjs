import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const source = new URL('./recogniser.c', import.meta.url);
const compilerFlags = ['-O2', '-Wall', '-Wextra'];
// Compiling takes 0.3 s and the start 0.5 s on a machine that is not busy.
const buildTimeoutMs = 60_000;
/** Where Debian's `pocketsphinx-en-us` puts the American English model. */
const modelFolder = '/usr/share/pocketsphinx/model/en-us';

/** The model, the library with its headers, and what compiles one C file. */
export const debianPackages = [
  'pocketsphinx-en-us',
  'libpocketsphinx-dev',
  'gcc',
  'libc6-dev',
  'pkg-config',
];

/**
 * Builds the offline recogniser once per content, compiler and library.
 *
 * @param {{
 *   cacheDir: string,
 *   log: (line: string) => void,
 *   ensureDebianPackages: (need: { packages: string[], reason: string }) => Promise<void>,
 * }} options
 * @returns {Promise<string | undefined>} The program's path; undefined on a system that has neither
 *   the library nor Debian's packages.
 */
export async function ensureRecogniser({ cacheDir, log, ensureDebianPackages }) {
  if (!(await hasEverything())) {
    if (process.platform !== 'linux' || !(await exists('/usr/bin/apt-get'))) return undefined;
    const reason = 'understanding speech without a cloud service';
    await ensureDebianPackages({ packages: debianPackages, reason });
    if (!(await hasEverything())) return undefined;
  }
  const { stdout } = await run('pkg-config', ['--cflags', '--libs', 'pocketsphinx']);
  const libraryFlags = [...stdout.trim().split(/\s+/), '-lm'];
  const file = path.join(cacheDir, 'recogniser', await fingerprint(libraryFlags), 'recogniser');
  if (await exists(file)) return file;
  log('compiling the offline recogniser');
  await build(file, libraryFlags);
  return file;
}

async function hasEverything() {
  try {
    await run('gcc', ['--version']);
    await run('pkg-config', ['--exists', 'pocketsphinx']);
    return await exists(path.join(modelFolder, 'en-us.lm.bin'));
  } catch {
    return false;
  }
}

async function fingerprint(libraryFlags) {
  const [compiler, library, code, builder] = await Promise.all([
    run('gcc', ['-dumpfullversion']),
    run('pkg-config', ['--modversion', 'pocketsphinx']),
    readFile(source),
    readFile(new URL(import.meta.url)),
  ]);
  const hash = createHash('sha256').update(code).update(builder);
  const facts = [process.arch, compiler.stdout, library.stdout, ...compilerFlags, ...libraryFlags];
  return hash.update(facts.join('\n')).digest('hex').slice(0, 16);
}

/** Compiles beside the target, tries the result, and only then puts it in place. */
async function build(file, libraryFlags) {
  await mkdir(path.dirname(file), { recursive: true });
  const temporaryFile = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    const input = fileURLToPath(source);
    const parts = [...compilerFlags, '-o', temporaryFile, input, ...libraryFlags];
    await run('gcc', parts, { timeout: buildTimeoutMs });
    await chmod(temporaryFile, 0o755);
    await tryOut(temporaryFile);
    await rename(temporaryFile, file);
  } finally {
    await rm(temporaryFile, { force: true });
  }
}

/** With its input at the end it says that it is ready, and ends. */
async function tryOut(program) {
  const model = [
    ...['--hmm', path.join(modelFolder, 'en-us')],
    ...['--dict', path.join(modelFolder, 'cmudict-en-us.dict')],
    ...['--lm', path.join(modelFolder, 'en-us.lm.bin')],
  ];
  const trial = run(program, model, { timeout: buildTimeoutMs });
  trial.child.stdin?.end();
  const { stdout } = await trial;
  if (stdout.trim() !== '{"type":"ready"}') {
    throw new Error(`the recogniser was compiled but does not start: ${stdout.slice(0, 200)}`);
  }
}

async function exists(file) {
  return access(file).then(
    () => true,
    () => false,
  );
}
