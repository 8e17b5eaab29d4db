/**
 * The pieces of a text, then `null` at its end. An abort ends it at once, without the `null` and
 * without waiting for the text's source, which may hang.
 */
export async function* readUntilAborted(
  text: AsyncIterable<string>,
  signal: AbortSignal,
): AsyncIterable<string | null> {
  const source = text[Symbol.asyncIterator]();
  let stop: (() => void) | undefined;
  const aborted = new Promise<'aborted'>((resolve) => {
    stop = () => resolve('aborted');
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  let isDone = false;
  try {
    while (!isDone) {
      const next = await Promise.race([source.next(), aborted]);
      if (next === 'aborted' || signal.aborted) return;
      isDone = next.done === true;
      yield next.done === true ? null : next.value;
    }
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
    if (!isDone) source.return?.().catch(() => {});
  }
}
