import { randomId, VoicebusError, type EpochRecord, type RecordStore } from '@voicebus/core';
import { withDeadline } from '../connection/deadline.ts';
import type { Keys } from '../keys.ts';
import type { Client } from '../scripts.ts';

/** A broker that restarts is back by then; a handoff does not wait longer for its epoch. */
const answerWithinMs = 2_000;
const tryAgainMs = 40;

interface Written extends EpochRecord {
  readonly writer: string;
}

/**
 * Owner and floor records, one key each. What this process wrote last is written again when the broker
 * may have lost it, unless somebody has moved the record on since.
 */
export class RedisRecordStore implements RecordStore {
  readonly #client: Client;
  readonly #keys: Keys;
  readonly #written = new Map<string, Written>();
  readonly #removed = new Set<string>();

  constructor(client: Client, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
  }

  async get(key: string): Promise<EpochRecord | null> {
    const [epoch, holder] = await this.#answered(() =>
      this.#client.hmget(this.#keys.record(key), 'epoch', 'holder'),
    );
    return epoch ? { epoch: Number(epoch), holder: holder ?? '' } : null;
  }

  /** A try whose answer was lost is not made twice: the writer recognises its own. */
  async compareAndSet(key: string, expectedEpoch: number, next: EpochRecord): Promise<boolean> {
    const writer = randomId();
    const isSet = await this.#answered(() =>
      this.#client.voicebusCompareAndSet(
        this.#keys.record(key),
        expectedEpoch,
        next.epoch,
        next.holder,
        writer,
      ),
    );
    if (isSet !== 1) return false;
    this.#removed.delete(key);
    this.#written.set(key, { ...next, writer });
    return true;
  }

  async remove(key: string): Promise<void> {
    this.#written.delete(key);
    this.#removed.add(key);
    await this.#answered(() => this.#client.del(this.#keys.record(key)));
    this.#removed.delete(key);
  }

  /** After every reconnect: neither a restart nor a failover makes an epoch be given twice. */
  async writeAgain(): Promise<void> {
    await Promise.all([
      ...[...this.#removed].map(async (key) => {
        await this.#client.del(this.#keys.record(key));
        this.#removed.delete(key);
      }),
      ...[...this.#written].map(([key, { epoch, holder, writer }]) =>
        this.#client.voicebusRaise(this.#keys.record(key), epoch, holder, writer),
      ),
    ]);
  }

  async #answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const deadline = performance.now() + answerWithinMs;
    for (;;) {
      try {
        return await withDeadline(ask(), answerWithinMs, 'The answer of Redis');
      } catch (thrown) {
        if (isRefused(thrown)) {
          throw new VoicebusError('link-broken', `Redis refuses a record: ${thrown.message}.`, {
            cause: thrown,
          });
        }
        if (performance.now() > deadline) {
          throw new VoicebusError(
            'link-broken',
            `Redis did not answer for ${answerWithinMs} ms; try again when the link is back.`,
            { isRetryable: true, cause: thrown },
          );
        }
        await new Promise((resolve) => setTimeout(resolve, tryAgainMs));
      }
    }
  }
}

/** What no second try changes: not a broker that is loading, moving a slot, or changing its role. */
function isRefused(thrown: unknown): thrown is Error {
  return thrown instanceof Error && /^(NOPERM|NOAUTH|WRONGTYPE|ERR) /.test(thrown.message);
}
