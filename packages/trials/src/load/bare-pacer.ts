const tickMs = 20;

/** How late a loop was that waits for every 20 ms and does nothing else, in milliseconds. */
export async function paceFor(seconds: number): Promise<number[]> {
  const late: number[] = [];
  const ended = Promise.withResolvers<void>();
  const endsMs = performance.now() + seconds * 1_000;
  let dueMs = performance.now() + tickMs;
  const tick = (): void => {
    const now = performance.now();
    for (; dueMs <= now; dueMs += tickMs) late.push(now - dueMs);
    if (now > endsMs) ended.resolve();
    else setTimeout(tick, Math.max(0, dueMs - performance.now()));
  };
  setTimeout(tick, tickMs);
  await ended.promise;
  return late;
}
