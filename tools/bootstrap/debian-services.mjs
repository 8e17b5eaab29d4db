import { chmod, readFile, rm, writeFile } from 'node:fs/promises';

const policyFile = '/usr/sbin/policy-rc.d';
const mark = '# voicebus: no service starts during one installation';

/**
 * Runs an installation during which Debian starts no service: what we install is
 * for our own child processes, not for the machine. The machine's own policy, if it
 * has one, stays. Ours obeys only as long as this process lives, so that a killed
 * installation leaves nothing behind that changes the machine.
 */
export async function withoutServiceStarts(action, file = policyFile) {
  const existing = await readFile(file, 'utf8').catch(() => undefined);
  if (existing !== undefined && !existing.includes(mark)) return action();
  const script = [
    '#!/bin/sh',
    mark,
    `if kill -0 ${process.pid} 2>/dev/null; then exit 101; fi`,
    'rm -f "$0"',
    'exit 0',
    '',
  ];
  await writeFile(file, script.join('\n'));
  await chmod(file, 0o755);
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}
