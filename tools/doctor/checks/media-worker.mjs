import { inRepository, rootFolder } from '../../bootstrap/repository.mjs';
import { runCommand } from '../../bootstrap/command.mjs';
import { findWorker } from '../../bootstrap/worker.mjs';
import { ok, todo } from '../findings.mjs';

// The gate gives itself 10 s; the rest is for starting Node on a loaded machine.
const gateTimeoutMs = 30_000;

export const mediaWorker = {
  name: 'media worker',
  run: async ({ cache, environment, toolchain, signal }) => {
    const given = environment.MEDIASOUP_WORKER_BIN;
    const file = await findWorker({ cache, environment });
    if (!file || !toolchain.nodeFile) return judgeWorker({ given, file });
    const gate = inRepository('tools', 'mediasoup-worker', 'gate.mjs');
    try {
      const output = await runCommand(toolchain.nodeFile, [gate], {
        cwd: rootFolder,
        env: { ...process.env, MEDIASOUP_WORKER_BIN: file },
        timeoutMs: gateTimeoutMs,
        signal,
      });
      return judgeWorker({ given, file, passed: output.trim().split('\n').at(-1) });
    } catch (error) {
      const lines = (error.output ?? error.message).trim().split('\n');
      return judgeWorker({
        given,
        file,
        problem: lines.findLast((line) => line.startsWith('gate:')) ?? lines[0],
      });
    }
  },
};

/** The handshake is a real one: a worker may start, answer, and still crash in the first. */
export function judgeWorker({ given, file, passed, problem }) {
  if (!file && given)
    return [todo(`MEDIASOUP_WORKER_BIN names ${given}, which does not exist: correct or unset it`)];
  if (!file) return [todo('not there yet: npm start fetches or builds it')];
  if (passed) return [ok(`${file} (handshake ${passed.replace('gate: ', '')})`)];
  const after = problem ? ` (${problem.replace('gate: ', '')})` : '';
  if (given)
    return [todo(`MEDIASOUP_WORKER_BIN names a worker that carries no call${after}: unset it`)];
  return [todo(`${file} carries no call${after}: npm start makes a new one`)];
}
