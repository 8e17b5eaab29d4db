import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

/** A service whose last promise takes that long. */
function program(drainMs: number): string {
  return `
    import { runService } from ${JSON.stringify(new URL('run-service.ts', import.meta.url).href)};
    await runService(async () => ({
      drain: () => new Promise((resolve) => setTimeout(resolve, ${drainMs})),
      close: async () => process.stdout.write('closed'),
    }));
    setInterval(() => {}, 60_000);
    process.stdout.write('runs');
  `;
}

async function start(drainMs: number): Promise<{ child: ChildProcess; said: () => string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(drainMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (!child.stdout) throw new Error('It has no output.');
  let said = '';
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
  await once(child.stdout, 'data');
  return { child, said: () => said };
}

it('drains and closes when a terminal and npm tell it of one press of Ctrl-C', async () => {
  const { child, said } = await start(100);
  const ended = once(child, 'close');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(said()).toBe('runsclosed');
});

it('ends at once for whoever does not want to wait', async () => {
  const { child, said } = await start(60_000);
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 700));
  child.kill('SIGTERM');
  expect(await ended).toEqual([1, null]);
  expect(said()).toBe('runs');
});
