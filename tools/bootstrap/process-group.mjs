const groups = new Set();

/**
 * Remembers a child that was spawned `detached`. However this process ends, as long
 * as it can still do anything, nothing that it has started stays behind.
 */
export function trackGroup(child) {
  if (child.pid === undefined) return;
  groups.add(child);
}

/** To be called when the child has ended and nothing of its group can be left. */
export function forgetGroup(child) {
  groups.delete(child);
}

export function killAllGroups() {
  for (const child of groups) signalGroup(child, 'SIGKILL');
}

process.on('exit', killAllGroups);

/** Signals such a child and everything that it has started. */
export function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is alive too.
    return error.code === 'EPERM';
  }
}
