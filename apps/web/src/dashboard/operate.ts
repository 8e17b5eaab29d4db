import { loadConfig } from '@/config/use-config';

const limitMs = 5_000;

/**
 * Asks a transport agent, the first that answers, to do something to a runner or a session; it passes that
 * on. Rejects with what it said where it will not. That it was done shows in what is watched.
 */
export async function operate(path: string): Promise<void> {
  const { transportUrls } = await loadConfig();
  let failure: unknown = new Error('No voice server is known.');
  for (const url of transportUrls) {
    let response: Response;
    try {
      response = await fetch(new URL(path, url), {
        method: 'POST',
        signal: AbortSignal.timeout(limitMs),
      });
    } catch (error) {
      failure = error;
      continue;
    }
    if (response.ok) return;
    throw new Error(messageOf(await response.json().catch(() => null)) ?? response.statusText);
  }
  throw failure;
}

function messageOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('error' in body)) return null;
  const { error } = body;
  if (typeof error !== 'object' || error === null || !('message' in error)) return null;
  return typeof error.message === 'string' ? error.message : null;
}
