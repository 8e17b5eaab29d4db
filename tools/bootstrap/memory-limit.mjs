import { readFile, readdir } from 'node:fs/promises';

const pollMs = 500;
const pageBytes = 4096;

/**
 * Calls `onExceeded` when a process group holds more memory than it may. A limit by
 * the system (ulimit) would count reserved addresses, of which Go and Rust programs
 * reserve far more than they use. Linux only; elsewhere nothing is watched.
 *
 * @param {{ groupId: number, limitBytes: number, onExceeded: (bytes: number) => void }} options
 * @returns {() => void} ends the watch
 */
export function watchMemory({ groupId, limitBytes, onExceeded }) {
  if (process.platform !== 'linux') return () => {};
  let isMeasuring = false;
  const timer = setInterval(async () => {
    if (isMeasuring) return;
    isMeasuring = true;
    const bytes = await measureGroup(groupId);
    isMeasuring = false;
    if (bytes > limitBytes) {
      clearInterval(timer);
      onExceeded(bytes);
    }
  }, pollMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** The resident memory of all processes of a group. */
async function measureGroup(groupId) {
  const names = await readdir('/proc').catch(() => []);
  const sizes = await Promise.all(
    names.filter((name) => /^\d+$/.test(name)).map((pid) => measure(pid, groupId)),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function measure(pid, groupId) {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8');
    // After the name in brackets: state, parent, group, … and resident pages as the 22nd.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
    return Number(fields[2]) === groupId ? Number(fields[21]) * pageBytes : 0;
  } catch {
    return 0;
  }
}
