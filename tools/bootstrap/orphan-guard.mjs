import { spawnSync } from 'node:child_process';

let isAvailable;

/**
 * The command that the system ends when we are gone, however that happens: an
 * installation or a build that nobody waits for any more would meet the next one.
 * Linux with util-linux only; elsewhere such a program runs to its end.
 */
export function guardAgainstOrphaning(program, programArguments) {
  isAvailable ??= process.platform === 'linux' && canGuard();
  if (!isAvailable) return [program, programArguments];
  return ['setpriv', ['--pdeathsig', 'KILL', '--', program, ...programArguments]];
}

function canGuard() {
  const { status } = spawnSync('setpriv', ['--pdeathsig', 'KILL', '--', 'true'], {
    stdio: 'ignore',
    timeout: 2000,
  });
  return status === 0;
}
