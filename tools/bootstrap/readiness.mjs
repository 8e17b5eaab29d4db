import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 200;
const requestTimeoutMs = 5000;

/**
 * Waits until every address answers with a success.
 *
 * @param {{ urls: Record<string, string>, timeoutMs: number, signal: AbortSignal }} options by what each is for
 */
export async function waitUntilReady({ urls, timeoutMs, signal }) {
  const deadline = performance.now() + timeoutMs;
  const waiting = new Map(Object.entries(urls));
  while (waiting.size > 0) {
    const answers = await Promise.all(
      [...waiting].map(async ([name, url]) => [name, await ask(url, signal)]),
    );
    for (const [name, answer] of answers) if (answer === 'ready') waiting.delete(name);
    if (waiting.size === 0) return;
    if (performance.now() > deadline) {
      const states = answers
        .filter(([name]) => waiting.has(name))
        .map(([name, answer]) => `${name} (${urls[name]}): ${answer}`);
      throw new Error(`Not ready within ${Math.round(timeoutMs / 1000)} s: ${states.join('; ')}.`);
    }
    await delay(pollMs, undefined, { signal });
  }
}

async function ask(url, signal) {
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]),
    });
    await response.body?.cancel();
    return response.ok ? 'ready' : `answers ${response.status}`;
  } catch (error) {
    signal.throwIfAborted();
    return error.cause?.code ?? error.message;
  }
}
