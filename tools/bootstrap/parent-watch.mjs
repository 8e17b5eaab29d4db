import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { isAlive } from './process-group.mjs';

const pollMs = 500;
const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox']);

/**
 * Calls `onGone` when the process that started us is no more. npm may run scripts
 * through a shell, which outlives a killed npm: then the shell's parent counts, too.
 */
export function watchParent(onGone) {
  if (process.platform === 'win32') return () => {};
  const parent = process.ppid;
  const { name, parent: grandparent } = describeProcess(parent);
  const isShellOfNpm = process.env.npm_lifecycle_event && shells.has(name) && grandparent > 1;
  const isThere = () =>
    process.ppid === parent && (!isShellOfNpm || isParentOf(grandparent, parent));
  const timer = setInterval(() => {
    if (isThere()) return;
    clearInterval(timer);
    onGone();
  }, pollMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A killed process that nobody has buried yet counts as alive, but has no children any more. */
function isParentOf(parent, child) {
  if (process.platform !== 'linux') return isAlive(parent);
  return describeProcess(child).parent === parent;
}

function describeProcess(pid) {
  try {
    if (process.platform === 'linux') {
      // "pid (name) state parent …", where the name may itself hold spaces and brackets.
      const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const end = status.lastIndexOf(')');
      const [, parent] = status.slice(end + 2).split(' ');
      return { name: status.slice(status.indexOf('(') + 1, end), parent: Number(parent) };
    }
    const output = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 2000,
    });
    const [, parent, command] = /(\d+)\s+(.*)/.exec(output.trim()) ?? [];
    return { name: path.basename(command ?? '').replace(/^-/, ''), parent: Number(parent) };
  } catch {
    return { name: '', parent: 0 };
  }
}
