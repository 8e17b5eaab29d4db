/** What this machine does to a loop that waits for every 20 ms and does nothing else. Sends how late it was. */
const [seconds = '60'] = process.argv.slice(2);
const tickMs = 20;
const late: number[] = [];
const endsMs = performance.now() + Number(seconds) * 1_000;
let dueMs = performance.now() + tickMs;

const tick = (): void => {
  const now = performance.now();
  for (; dueMs <= now; dueMs += tickMs) late.push(now - dueMs);
  if (now > endsMs) process.send?.(late, () => process.exit(0));
  else setTimeout(tick, Math.max(0, dueMs - performance.now()));
};
setTimeout(tick, tickMs);
