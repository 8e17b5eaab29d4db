import { VoicebusError } from '@voicebus/core';

/** Rejects with `deadline` after `limitMs`; the promise itself goes on unseen. */
export async function withDeadline<Value>(
  promise: Promise<Value>,
  limitMs: number,
  what: string,
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      // What has arrived, but was not read yet by a busy process, counts: input comes before this.
      setImmediate(() =>
        late.reject(
          new VoicebusError('deadline', `${what} took more than ${limitMs} ms.`, {
            isRetryable: true,
            data: { limitMs },
          }),
        ),
      ),
    limitMs,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
    late.promise.catch(() => {});
  }
}
