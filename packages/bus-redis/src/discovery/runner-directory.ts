import type { JoinOptions } from '@voicebus/core';
import { workerRecordSchema, type RunnerRecord, type WorkerRecord } from '@voicebus/protocol';
import type { Keys } from '../keys.ts';
import type { Client } from '../scripts.ts';
import { leaseMs } from './announcer.ts';
import { noteSchema, parseJson, runnerSummarySchema, workerField, type Renewed } from './note.ts';

export interface RunnerDirectoryOptions extends Pick<JoinOptions, 'onRecord' | 'onLeft'> {
  readonly client: Client;
  readonly keys: Keys;
  readonly incarnation: string;
  /** Heard of: `isNew` when it says that its inbox is another one than the last time. */
  readonly onInbox: (incarnation: string, isNew: boolean) => void;
  readonly onGone: (incarnation: string) => void;
  readonly onError: (error: Error) => void;
}

interface Known {
  readonly record: RunnerRecord;
  readonly revision: number;
  readonly inbox: number | undefined;
  readonly heardMs: number;
}

/** Notes come every 500 ms; of whom none came for this long, the lease is read. */
const silentMs = 800;
const lookEveryMs = 250;

/** The other runners of the channel, from their notes; what a note does not say is read from Redis. */
export class RunnerDirectory {
  readonly counters = { malformed: 0, reads: 0 };
  readonly #options: RunnerDirectoryOptions;
  readonly #known = new Map<string, Known>();
  readonly #reading = new Set<string>();
  readonly #timer: NodeJS.Timeout;
  #isUp = false;

  constructor(options: RunnerDirectoryOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** While it is down nothing is read; when it is up again, all is. */
  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    if (isUp) this.#ignoreFailure(this.readAll());
  }

  close(): void {
    this.#isUp = false;
    clearInterval(this.#timer);
  }

  /** Everyone whose lease stands. Rejects when Redis does not answer. */
  async readAll(): Promise<readonly RunnerRecord[]> {
    const { client, keys, incarnation } = this.#options;
    const everyone = await client.smembers(keys.runners);
    const records = await Promise.all(
      everyone.map((each) => this.#read(each, each !== incarnation)),
    );
    return records.filter((record) => record !== null);
  }

  hear(bytes: Buffer): void {
    const parsed = noteSchema.safeParse(parseJson(bytes));
    if (!parsed.success) {
      this.counters.malformed += 1;
      return;
    }
    const note = parsed.data;
    if (note.from === this.#options.incarnation) return;
    if (note.kind === 'left') {
      this.#known.delete(note.from);
      this.#options.onGone(note.from);
      this.#options.onLeft(note.from);
      return;
    }
    const before = this.#known.get(note.from);
    const workers = before && workersAfter(before, note);
    if (workers) this.#keep(note, workers);
    else this.#ignoreFailure(this.#read(note.from, true));
    this.#options.onInbox(note.from, before?.inbox !== undefined && before.inbox !== note.inbox);
    if (!workers && before) this.#known.set(note.from, { ...before, inbox: note.inbox });
  }

  #keep({ from, revision, inbox, summary }: Renewed, workers: WorkerRecord[]): void {
    const record = { ...summary, workers };
    this.#known.set(from, { record, revision, inbox, heardMs: performance.now() });
    this.#options.onRecord(record);
  }

  /** Null when its lease is over. */
  async #read(incarnation: string, tells: boolean): Promise<RunnerRecord | null> {
    if (tells && this.#reading.has(incarnation)) return null;
    const { client, keys, onRecord } = this.#options;
    if (tells) this.#reading.add(incarnation);
    try {
      this.counters.reads += 1;
      const [leftMs, fields] = await Promise.all([
        client.pttl(keys.lease(incarnation)),
        client.hgetall(keys.runner(incarnation)),
      ]);
      if (fields['record'] === undefined) await client.srem(keys.runners, incarnation);
      const record = leftMs > 0 ? recordOf(fields) : null;
      if (!record || !tells) return record;
      const ageMs = Math.max(0, leaseMs - leftMs);
      const { inbox } = this.#known.get(incarnation) ?? { inbox: undefined };
      const heardMs = performance.now() - ageMs;
      const revision = Number(fields['revision']);
      this.#known.set(incarnation, { record, revision, inbox, heardMs });
      onRecord(record, ageMs);
      return record;
    } finally {
      this.#reading.delete(incarnation);
    }
  }

  /** A note may be lost; the lease is not. Whoever has none any more is left to the registry's sweep. */
  #look(): void {
    if (!this.#isUp) return;
    const now = performance.now();
    for (const [incarnation, { heardMs }] of this.#known) {
      const silence = now - heardMs;
      if (silence > 10 * leaseMs) {
        this.#known.delete(incarnation);
        this.#options.onGone(incarnation);
      } else if (silence > silentMs) this.#ignoreFailure(this.#read(incarnation, true));
    }
  }

  #ignoreFailure(reading: Promise<unknown>): void {
    reading.catch((thrown: unknown) => {
      if (thrown instanceof Error) this.#options.onError(thrown);
    });
  }
}

/** Undefined when they have to be read. The same array when nothing changed. */
function workersAfter({ record, revision }: Known, note: Renewed): WorkerRecord[] | undefined {
  if (note.revision === revision) return record.workers;
  if (note.revision !== revision + 1 || !note.change) return undefined;
  const workers = new Map(record.workers.map((worker) => [workerField(worker), worker]));
  for (const field of note.change.gone) workers.delete(field);
  for (const worker of note.change.set) workers.set(workerField(worker), worker);
  return [...workers.values()];
}

function recordOf(fields: Readonly<Record<string, string>>): RunnerRecord | null {
  const summary = runnerSummarySchema.safeParse(parseJson(fields['record'] ?? ''));
  if (!summary.success) return null;
  const workers = Object.entries(fields)
    .filter(([field]) => field.startsWith('worker:'))
    .map(([, text]) => workerRecordSchema.safeParse(parseJson(text)))
    .filter(({ success }) => success)
    .map(({ data }) => data)
    .filter((worker) => worker !== undefined);
  return { ...summary.data, workers };
}
