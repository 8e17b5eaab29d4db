import type { RunnerRecord } from '@voicebus/protocol';
import type { Keys } from '../keys.ts';
import { publish, type Client } from '../scripts.ts';
import { workerField, type Note, type Renewed } from './note.ts';

export interface AnnouncerOptions {
  readonly client: Client;
  readonly keys: Keys;
  readonly incarnation: string;
  readonly onError: (error: Error) => void;
}

/** Three renewals of 500 ms, as in the registry. */
export const leaseMs = 1_500;
/** What a runner said of itself outlives its lease for those who look why it is gone. */
const runnerTtlMs = 10_000;
/** A larger change is read, not told: everybody would get it. */
const longestNote = 16 * 1024;

/**
 * Says on the discovery plane that this runner lives and what is on it. What changes while an announcement
 * is under way goes into the next one; of the workers only those that changed are written and told.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  /** As they are in Redis, by field. */
  #written = new Map<string, string>();
  #record: RunnerRecord | undefined;
  #revision = 0;
  #inbox = 0;
  #isAnew = true;
  #isUp = false;
  #isDue = false;
  #underWay: Promise<void> | undefined;
  #isLeaving = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
  }

  /** Redis may have lost everything while it was down: all is written again. */
  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    this.#isAnew = true;
    if (isUp) this.#kick();
  }

  announce(record: RunnerRecord): void {
    this.#record = record;
    this.#kick();
  }

  /** What had been sent to us has to be sent again, by whoever hears this. */
  inboxIsNew(): void {
    this.#inbox += 1;
    this.#kick();
  }

  /** Takes back everything that was announced, and the inbox. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    await this.#underWay;
    const { client, keys, incarnation } = this.#options;
    await client.del(keys.lease(incarnation), keys.runner(incarnation), keys.inbox(incarnation));
    await client.srem(keys.runners, incarnation);
    await this.#tell({ kind: 'left', from: incarnation });
  }

  #kick(): void {
    if (!this.#isUp || this.#isLeaving || !this.#record) return;
    this.#isDue = true;
    this.#underWay ??= this.#run().finally(() => (this.#underWay = undefined));
  }

  async #run(): Promise<void> {
    while (this.#isDue && this.#isUp && !this.#isLeaving) {
      this.#isDue = false;
      try {
        await this.#write();
      } catch (thrown) {
        // The next renewal, or the link when it is back, writes all of it.
        this.#isAnew = true;
        if (thrown instanceof Error) this.#options.onError(thrown);
        return;
      }
    }
  }

  async #write(): Promise<void> {
    const { client, keys, incarnation } = this.#options;
    if (!this.#record) return;
    const { workers, ...summary } = this.#record;
    const isAnew = this.#isAnew;
    const before = isAnew ? new Map<string, string>() : this.#written;
    const fields = new Map(workers.map((worker) => [workerField(worker), JSON.stringify(worker)]));
    const set = workers.filter((worker) => {
      const field = workerField(worker);
      return before.get(field) !== fields.get(field);
    });
    const gone = [...before.keys()].filter((field) => !fields.has(field));
    const isChanged = isAnew || set.length > 0 || gone.length > 0;
    if (isChanged) this.#revision += 1;
    const wasThere = await client.voicebusRenew(
      keys.lease(incarnation),
      keys.runner(incarnation),
      leaseMs,
      runnerTtlMs,
      this.#revision,
      JSON.stringify(summary),
      isAnew ? 1 : 0,
      set.length,
      ...set.flatMap((worker) => [workerField(worker), JSON.stringify(worker)]),
      ...gone,
    );
    this.#written = fields;
    // Redis had lost us meanwhile: what it has now is only what changed last.
    this.#isAnew = !isAnew && wasThere === 0;
    if (this.#isAnew) this.#isDue = true;
    await client.sadd(keys.runners, incarnation);
    const change: Renewed['change'] = isAnew ? null : { set, gone };
    await this.#tell({
      kind: 'renewed',
      from: incarnation,
      revision: this.#revision,
      inbox: this.#inbox,
      summary,
      ...(isChanged ? { change } : {}),
    });
  }

  async #tell(note: Note): Promise<void> {
    const { client, keys } = this.#options;
    let text = JSON.stringify(note);
    if (text.length > longestNote && note.kind === 'renewed')
      text = JSON.stringify({ ...note, change: null });
    await publish(client, keys.notes, text);
  }
}
