import OpenAI from 'openai';
import { Agent, buildConnector, fetch } from 'undici';
import type { OpenAISettings } from './openai-settings.ts';

/**
 * A turn comes every ten seconds or so, and Node's own fetch closes a connection after four: every turn
 * would pay for a new one (TCP and TLS, three round trips).
 */
const keepAliveMs = 300_000;
const connectMs = 2_000;

export interface OpenAIClient extends AsyncDisposable {
  readonly client: OpenAI;
}

/** The SDK over connections that outlive the pauses of a conversation. */
export function createClient(
  { apiKey, baseUrl }: OpenAISettings,
  onConnected: (ms: number) => void,
): OpenAIClient {
  const connect = buildConnector({ timeout: connectMs });
  const agent = new Agent({
    keepAliveTimeout: keepAliveMs,
    keepAliveMaxTimeout: keepAliveMs,
    connect: (target, done) => {
      const beganMs = performance.now();
      connect(target, (...outcome) => {
        if (outcome[0] === null) onConnected(performance.now() - beganMs);
        done(...outcome);
      });
    },
    // Every wait has a deadline of ours; two clocks for one wait would tell two stories.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const client = new OpenAI({
    // The SDK wants one, and reads the environment where it is given none.
    apiKey: apiKey ?? 'none',
    baseURL: baseUrl ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    // What may be asked again, and when, is the chain's to say.
    maxRetries: 0,
    // It writes what goes wrong, with parts of what was said, into the log.
    logLevel: 'off',
    fetch: (input, init) => fetch(input, { ...init, dispatcher: agent }),
  });
  return {
    client,
    // Not `close`: that waits for answers that nobody reads any more.
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}
