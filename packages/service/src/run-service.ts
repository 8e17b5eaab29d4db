import { ConfigError } from '@voicebus/config';
import { VoicebusError } from '@voicebus/core';

export interface Service {
  /** Resolves when nothing is promised any more that somebody would miss. Default: at once. */
  readonly drain?: () => Promise<void>;
  /** Lets go of everything. */
  readonly close: () => Promise<void>;
}

/** Keys are pressed for a whole group of processes, and the one above passes the signal on: that is one. */
const samePressMs = 500;

/**
 * Runs a service until it is told to end: the first SIGTERM or SIGINT drains and closes it, a second one is
 * for people who do not want to wait. What is wrong with the settings is said in one line.
 */
export async function runService(start: () => Promise<Service>): Promise<void> {
  try {
    const service = await start();
    let endingSinceMs: number | null = null;
    const end = (): void => {
      const now = performance.now();
      if (endingSinceMs !== null) {
        if (now - endingSinceMs >= samePressMs) process.exit(1);
        return;
      }
      endingSinceMs = now;
      void endInOrder(service);
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
  } catch (thrown) {
    process.stderr.write(`${explain(thrown)}\n`);
    process.exit(1);
  }
}

async function endInOrder({ drain, close }: Service): Promise<void> {
  try {
    await drain?.();
    await close();
    process.exit(0);
  } catch (thrown) {
    process.stderr.write(`${explain(thrown)}\n`);
    process.exit(1);
  }
}

function explain(thrown: unknown): string {
  if (thrown instanceof ConfigError || thrown instanceof VoicebusError) return thrown.message;
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
}
