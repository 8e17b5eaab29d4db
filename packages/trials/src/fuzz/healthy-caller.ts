import { VirtualCaller } from '@voicebus/testing/system';

/** With fixed words an answer takes some milliseconds; a machine that is busy with bad input needs longer. */
const answerMs = 5_000;

/** A call ends by itself after half an hour, which is no fault: a new one is made before. */
const longestCallMs = 20 * 60_000;

/** Types beside everything else that goes on, and must be answered every time. */
export class HealthyCaller {
  readonly #url: string;
  #caller: VirtualCaller;
  #sinceMs = performance.now();

  private constructor(url: string, caller: VirtualCaller) {
    this.#url = url;
    this.#caller = caller;
  }

  static async call(url: string): Promise<HealthyCaller> {
    return new HealthyCaller(url, await greeted(url));
  }

  /** Null when somebody answers in time, else what went wrong. */
  async problem(): Promise<string | null> {
    try {
      await this.#callAgain();
      const after = this.#caller.events.lastSequence;
      this.#caller.type('hello');
      const { turnId } = await this.#caller.untilEvent('transcript-final', {
        after,
        limitMs: answerMs,
      });
      await this.#caller.untilEvent('bot-text', {
        after,
        limitMs: answerMs,
        where: (event) => event.turnId === turnId,
      });
      return null;
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message.split('\n')[0] : String(thrown);
      return `the healthy caller was not answered: ${why}`;
    }
  }

  async #callAgain(): Promise<void> {
    if (performance.now() - this.#sinceMs < longestCallMs) return;
    await this.close();
    this.#caller = await greeted(this.#url);
    this.#sinceMs = performance.now();
  }

  async close(): Promise<void> {
    this.#caller.send({ type: 'end-call' });
    await this.#caller.close();
  }
}

async function greeted(url: string): Promise<VirtualCaller> {
  const caller = await VirtualCaller.call({ url, audio: false });
  await caller.untilEvent('bot-heard');
  return caller;
}
