import { VirtualCaller } from '@voicebus/testing/system';

/** With fixed words an answer takes some milliseconds; a machine that is busy with bad input needs longer. */
const answerMs = 5_000;

/** Types beside everything else that goes on, and must be answered every time. */
export class HealthyCaller {
  readonly #caller: VirtualCaller;

  private constructor(caller: VirtualCaller) {
    this.#caller = caller;
  }

  static async call(url: string): Promise<HealthyCaller> {
    const caller = await VirtualCaller.call({ url, audio: false });
    await caller.untilEvent('bot-heard');
    return new HealthyCaller(caller);
  }

  /** Null when somebody answers in time, else what went wrong. */
  async problem(): Promise<string | null> {
    const after = this.#caller.events.lastSequence;
    try {
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

  async close(): Promise<void> {
    this.#caller.send({ type: 'end-call' });
    await this.#caller.close();
  }
}
