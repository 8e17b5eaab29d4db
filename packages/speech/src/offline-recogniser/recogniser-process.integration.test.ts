import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RecogniserProcess } from './recogniser-process.ts';

/** A stand-in for the program that behaves as its argument says. */
function start(behaviour: string, startTimeoutMs = 5000) {
  const program = process.execPath;
  const script = fileURLToPath(new URL('./recogniser-test-program.ts', import.meta.url));
  const recogniser = new RecogniserProcess({
    program,
    programArguments: [script, behaviour],
    startTimeoutMs,
  });
  const failure = new Promise<Error>((resolve) => {
    const messages: unknown[] = [];
    recogniser.attach({ onMessage: (message) => messages.push(message), onFailure: resolve });
  });
  return { recogniser, failure };
}

test('sends frames and reads messages', async () => {
  const { recogniser } = start('count');
  await recogniser.ready;
  const heard = new Promise((resolve) => {
    recogniser.attach({ onMessage: resolve, onFailure: resolve });
  });
  recogniser.startUtterance(7);
  recogniser.write(new Int16Array(320));
  recogniser.write(new Int16Array(20_000));
  recogniser.endUtterance(7);
  expect(await heard).toEqual({ type: 'final', utterance: 7, text: '20320', words: [] });
  recogniser.close();
});

test('a program that dies says what it said last', async () => {
  const { recogniser, failure } = start('die');
  await recogniser.ready;
  expect((await failure).message).toMatch(/ended with code 4.*I am broken/);
});

test('a program that writes something else is not listened to', async () => {
  const { failure } = start('garbage');
  expect(await failure).toMatchObject({ code: 'provider-failed', isRetryable: true });
});

test('a program that does not start in time, or does not exist', async () => {
  const { recogniser } = start('silent', 300);
  await expect(recogniser.ready).rejects.toMatchObject({ code: 'deadline' });
  const missing = new RecogniserProcess({
    program: '/nowhere/recogniser',
    programArguments: [],
    startTimeoutMs: 1000,
  });
  await expect(missing.ready).rejects.toMatchObject({ code: 'provider-failed' });
});

test('audio for a program that does not read is dropped, oldest first, and counted', async () => {
  const { recogniser } = start('deaf');
  await recogniser.ready;
  for (let second = 0; second < 30; second += 1) recogniser.write(new Int16Array(16_000));
  // 10 s are kept, and the socket between takes about 6.
  expect(recogniser.droppedSamples).toBeGreaterThan(10 * 16_000);
  expect(recogniser.droppedSamples).toBeLessThan(21 * 16_000);
  recogniser.close();
});
