import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Keeps every core of this machine at work, by a process each that does nothing else, until it is disposed of. */
export function keepCoresBusy(): Disposable {
  const spinners = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' }),
  );
  const stop = (): void => {
    for (const spinner of spinners) spinner.kill('SIGKILL');
  };
  process.once('exit', stop);
  return {
    [Symbol.dispose]() {
      process.removeListener('exit', stop);
      stop();
    },
  };
}
