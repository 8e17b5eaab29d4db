/**
 * What a build of the worker needs from Debian. The compiler is one of them: a
 * machine that gets the official binary never needs any.
 */
export const debianPackages = [
  'g++',
  'meson',
  'ninja-build',
  'pkg-config',
  'libuv1-dev',
  'libssl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
  // Unpacks libsrtp's source package with Debian's patches applied.
  'dpkg-dev',
];
