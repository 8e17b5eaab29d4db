import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

const preload = new URL('./exit-with-parent.mjs', import.meta.url).href;

/** A service that serves for ever and ends politely on SIGTERM. */
const service = `
  setInterval(() => {}, 1000);
  process.on('SIGTERM', () => { console.log('calls ended'); process.exit(0); });
  console.log('pipe ' + process.env.VOICEBUS_PARENT_PIPE);
`;

function start(script, environment) {
  const child = spawn(process.execPath, ['--import', preload, '--eval', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => (output += chunk));
  return { child, closed: once(child, 'close'), output: () => output };
}

test('a service ends politely when the other end of its stdin is gone', async () => {
  const { child, closed, output } = start(service, { VOICEBUS_PARENT_PIPE: '1' });
  await once(child.stdout, 'data');
  child.stdin.destroy();
  expect(await closed).toEqual([0, null]);
  // What the service itself starts must not take its own stdin for ours.
  expect(output()).toBe('pipe undefined\ncalls ended\n');
});

test('a service may end while its parent lives', async () => {
  const { closed } = start('setTimeout(() => {}, 10)', { VOICEBUS_PARENT_PIPE: '1' });
  expect(await closed).toEqual([0, null]);
});

test('without the parent, stdin is like any other', async () => {
  const echo = 'process.stdin.on("data", (data) => process.stdout.write(data))';
  const { child, closed, output } = start(echo, { VOICEBUS_PARENT_PIPE: '' });
  child.stdin.end('hello');
  expect(await closed).toEqual([0, null]);
  expect(output()).toBe('hello');
});
