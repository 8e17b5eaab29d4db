import { expect, test } from 'vitest';
import { RequestThread } from './request-thread.ts';

const script = new URL('./request-thread-test-script.ts', import.meta.url);
const start = (timeoutMs = 5000) =>
  new RequestThread<string, string>({ name: 'echo', script, timeoutMs, maxPending: 2 });

test('answers, and turns what is thrown into an error', async () => {
  await using thread = start();
  expect(await thread.request('hello')).toBe('hello');
  await expect(thread.request('throw')).rejects.toMatchObject({ code: 'provider-failed' });
});

test('a thread that ends fails what waits and is started again', async () => {
  await using thread = start();
  await expect(thread.request('exit')).rejects.toMatchObject({ code: 'provider-failed' });
  expect(await thread.request('again')).toBe('again');
});

test('a thread that hangs is ended after the deadline', async () => {
  await using thread = start(200);
  const waiting = thread.request('hang');
  await expect(waiting).rejects.toMatchObject({ code: 'deadline', isRetryable: true });
});

test('more than it may hold is refused; closing fails what waits', async () => {
  const thread = start();
  const waiting = [thread.request('hang'), thread.request('hang')];
  await expect(thread.request('one more')).rejects.toMatchObject({ code: 'queue-full' });
  const outcomes = Promise.allSettled(waiting);
  await thread[Symbol.asyncDispose]();
  expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  await expect(thread.request('late')).rejects.toMatchObject({ code: 'closed' });
});
