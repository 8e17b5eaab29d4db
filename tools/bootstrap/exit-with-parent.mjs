// Loaded with `node --import` into every service that `npm start` runs. The parent
// holds the other end of stdin and never writes to it: it closes when the parent
// ends, however that happens, also by a kill that no process can handle. No service
// has to know about it.
import { isMainThread } from 'node:worker_threads';

// As for Ctrl-C: calls are told, then it is over.
const politeEndMs = 3000;

if (isMainThread && process.env.VOICEBUS_PARENT_PIPE === '1') {
  // Processes that the service starts get another stdin: it is not for them.
  delete process.env.VOICEBUS_PARENT_PIPE;
  let isEnding = false;
  const endWithParent = () => {
    if (isEnding) return;
    isEnding = true;
    process.once('exit', killGroup);
    if (process.listenerCount('SIGTERM') === 0) process.exit(1);
    setTimeout(() => process.exit(1), politeEndMs);
    process.kill(process.pid, 'SIGTERM');
  };
  process.stdin
    .once('end', endWithParent)
    .once('close', endWithParent)
    .once('error', endWithParent);
  process.stdin.resume();
  // A service whose work is done may end although its parent lives.
  process.stdin.unref?.();
}

/** The parent made this process the leader of a group; it takes what it has started with it. */
function killGroup() {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    // Not a leader.
  }
}
