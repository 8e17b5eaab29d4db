import { expect, test } from 'vitest';

import { runCommand } from './command.mjs';

const node = process.execPath;
const timeoutMs = 15_000;

test('the output is given back, and line by line as it comes', async () => {
  const lines = [];
  const script = 'console.log("one"); console.error("two"); process.stdout.write("rest")';
  const output = await runCommand(node, ['-e', script], {
    timeoutMs,
    onLine: (line) => lines.push(line),
  });
  expect(output).toContain('rest');
  expect(new Set(lines)).toEqual(new Set(['one', 'two']));
});

test('a failure says the code and shows what was printed', async () => {
  const failing = runCommand(node, ['-e', 'console.log("no space"); process.exit(3)'], {
    timeoutMs,
  });
  await expect(failing).rejects.toMatchObject({
    code: 3,
    problem: 'ended with code 3',
    message: expect.stringMatching(/^node.* ended with code 3:\nno space$/),
  });
});

test('a program that does not exist fails by its name', async () => {
  const failing = runCommand('voicebus-no-such-program', [], { timeoutMs });
  await expect(failing).rejects.toThrow('voicebus-no-such-program');
});

test('a deadline and a request end a program', async () => {
  const forever = ['-e', 'setInterval(() => {}, 1000)'];
  await expect(runCommand(node, forever, { timeoutMs: 100 })).rejects.toThrow('still ran after');
  const controller = new AbortController();
  const options = { timeoutMs, signal: controller.signal, onSpawn: () => controller.abort() };
  await expect(runCommand(node, forever, options)).rejects.toThrow('was stopped');
});
