import { watchParent } from './parent-watch.mjs';

// npm passes on the Ctrl-C that the terminal has sent to us already.
const sameKeyPressMs = 500;

/**
 * One place where an end is asked for: Ctrl-C, SIGTERM, a closed terminal or a
 * parent that is gone. The first request aborts the signal, a second one ends us and
 * all that we have started at once.
 */
export function listenForEnd() {
  const controller = new AbortController();
  let requestedAt;
  const request = (reason, exitCode) => {
    const now = performance.now();
    if (requestedAt === undefined) {
      requestedAt = now;
      controller.abort(new EndRequest(reason, exitCode));
    } else if (now - requestedAt > sameKeyPressMs) {
      process.exit(exitCode);
    }
  };
  process.on('SIGINT', () => request('Ctrl-C', 130));
  process.on('SIGTERM', () => request('SIGTERM', 143));
  process.on('SIGHUP', () => request('the terminal was closed', 129));
  // Whoever read our output may be gone before us.
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  watchParent(() => request('the process that started this one is gone', 1));
  return controller.signal;
}

/** Why everything ends, and with which code: nothing has failed. */
export class EndRequest extends Error {
  constructor(reason, exitCode) {
    super(reason);
    this.name = 'EndRequest';
    this.exitCode = exitCode;
  }
}
