import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const standIns = fileURLToPath(new URL('./stand-ins/', import.meta.url));

/**
 * Copies the worker's sources out of mediasoup's npm package and makes them build
 * against the system's libraries. The package itself is never changed.
 *
 * @param {{ packageFolder: string, libsrtp2Folder: string, targetFolder: string, mesonVersion: string }} options
 */
export async function prepareSources({
  packageFolder,
  libsrtp2Folder,
  targetFolder,
  mesonVersion,
}) {
  await rm(targetFolder, { recursive: true, force: true });
  await mkdir(targetFolder, { recursive: true });
  // Through symbolic links: package managers keep packages in a store.
  await cp(path.join(packageFolder, 'worker'), targetFolder, {
    recursive: true,
    dereference: true,
  });
  const folders = await placeStandIns(path.join(targetFolder, 'subprojects'));
  await placeLibsrtp2(targetFolder, folders, libsrtp2Folder);
  await fixDtlsCallback(path.join(targetFolder, 'src', 'RTC', 'DtlsTransport.cpp'));
  await relaxMesonVersion(path.join(targetFolder, 'meson.build'), mesonVersion);
}

/**
 * A wrap file names the folder that its download would be unpacked to. With a
 * stand-in in that folder meson downloads nothing, and what the wrap provides
 * stays in force.
 */
async function placeStandIns(subprojects) {
  const folders = {};
  const available = await readdir(standIns);
  for (const name of available) {
    const wrapFile = path.join(subprojects, `${name}.wrap`);
    if (!existsSync(wrapFile)) {
      throw new Error(
        `mediasoup's worker no longer asks for "${name}": review tools/mediasoup-worker/stand-ins before building.`,
      );
    }
    const wrap = await readFile(wrapFile, 'utf8');
    const directory = /^directory *= *(.+?)\r?$/m.exec(wrap)?.[1] ?? name;
    await cp(path.join(standIns, name), path.join(subprojects, directory), { recursive: true });
    // Newer mesons would lay the wrap's patch over the stand-in.
    await writeFile(wrapFile, wrap.replace(/^patch_.*\r?\n/gm, ''));
    folders[name] = directory;
  }
  return folders;
}

async function placeLibsrtp2(targetFolder, folders, libsrtp2Folder) {
  const subprojects = path.join(targetFolder, 'subprojects');
  await cp(libsrtp2Folder, path.join(subprojects, 'libsrtp2'), { recursive: true });
  await cp(
    path.join(libsrtp2Folder, 'include'),
    path.join(subprojects, folders.libsrtp3, 'srtp2-headers', 'srtp2'),
    { recursive: true },
  );
}

/**
 * The callback must hand back an operation's own result when OpenSSL calls it
 * after the operation. It looks for that by comparing with BIO_CB_RETURN, which
 * OpenSSL combines with the operation by "or", and so answers 1 to every question.
 * An OpenSSL with kernel TLS (Debian's) asks whether the kernel encrypts, hears
 * yes, allocates no write buffer, and the first DTLS handshake crashes the worker.
 */
async function fixDtlsCallback(file) {
  const source = await readFile(file, 'utf8');
  const mistaken = '(operationType == BIO_CB_RETURN)';
  if (source.includes(mistaken)) {
    await writeFile(file, source.replace(mistaken, '((operationType & BIO_CB_RETURN) != 0)'));
  } else if (!source.includes('& BIO_CB_RETURN')) {
    throw new Error(
      "onSslBioOut() in mediasoup's DtlsTransport.cpp has changed: review the fix in tools/mediasoup-worker/sources.mjs before building.",
    );
  }
}

/** Debian 12 has meson 1.0.1. The worker asks for 1.1.0 and uses nothing newer than 1.0. */
async function relaxMesonVersion(file, mesonVersion) {
  const [major, minor] = mesonVersion.split('.').map(Number);
  if (major > 1 || minor >= 1) return;
  const build = await readFile(file, 'utf8');
  await writeFile(file, build.replace("meson_version: '>= 1.1.0'", "meson_version: '>= 1.0.0'"));
}
