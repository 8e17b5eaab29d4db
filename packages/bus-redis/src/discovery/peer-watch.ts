import { Cluster } from 'ioredis';
import type { Subscriber } from '../connection/subscriber.ts';
import type { Keys } from '../keys.ts';
import { publish, type Client } from '../scripts.ts';

export interface PeerWatchOptions {
  readonly client: Client;
  readonly subscriber: Subscriber;
  readonly keys: Keys;
  readonly incarnation: string;
  /** Told again for as long as the doubt lasts. */
  readonly onSuspect: (incarnation: string) => void;
}

/** A process that was killed has let go of its connection: two looks find it after 20 to 40 ms. */
const lookEveryMs = 20;
const emptyLooks = 2;
/** One that hangs has not: three questions without an answer. */
const askEveryMs = 250;
const answerWithinMs = 3 * askEveryMs;
/** Looks this late say more about this process than about others. */
const lateMs = 150;
/** What was true before our link broke says nothing for one lease. */
const restraintMs = 1_500;

interface Watched {
  readonly channel: string;
  watchers: number;
  /** Doubted is only who was there: a process of an older version has no such channel. */
  wasThere: boolean;
  empty: number;
  unansweredSinceMs: number | null;
}

/**
 * Finds in milliseconds what a lease finds in seconds: that nobody listens any more at the place of a
 * process that somebody depends on, or that it listens and does not answer. A doubt, never a loss: a
 * doubted process is replaced by way of the fence, and one that lives after all is told.
 */
export class PeerWatch {
  readonly #options: PeerWatchOptions;
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #isUp = false;
  #isLooking = false;
  #restrainedUntilMs = 0;
  #lookedMs = 0;
  #askedMs = 0;

  constructor(options: PeerWatchOptions) {
    this.#options = options;
  }

  /** From now on this process can be watched by others. */
  open(): void {
    const { subscriber, keys, incarnation } = this.#options;
    void subscriber.listen(keys.pulse(incarnation), (bytes) => this.#heard(bytes.toString()));
  }

  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    this.#restrainedUntilMs = performance.now() + restraintMs;
    for (const watched of this.#watched.values()) forgive(watched);
  }

  /** Until the returned function is called. */
  watch(incarnation: string): () => void {
    const watched = this.#watched.get(incarnation) ?? {
      channel: this.#options.keys.pulse(incarnation),
      watchers: 0,
      wasThere: false,
      empty: 0,
      unansweredSinceMs: null,
    };
    this.#watched.set(incarnation, watched);
    watched.watchers += 1;
    if (!this.#timer) {
      this.#lookedMs = performance.now();
      this.#timer = setInterval(() => this.#tick(), lookEveryMs);
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      watched.watchers -= 1;
      if (watched.watchers > 0) return;
      this.#watched.delete(incarnation);
      if (this.#watched.size === 0) this.#stop();
    };
  }

  close(): void {
    this.#isUp = false;
    this.#watched.clear();
    this.#stop();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = performance.now();
    const late = now - this.#lookedMs - lookEveryMs;
    this.#lookedMs = now;
    if (late > lateMs) for (const watched of this.#watched.values()) forgive(watched);
    if (!this.#isUp || now < this.#restrainedUntilMs) return;
    this.#look();
    if (now - this.#askedMs < askEveryMs) return;
    this.#askedMs = now;
    this.#ask(now);
  }

  /** One question to Redis for all of them, which costs those who are watched nothing. */
  #look(): void {
    const { client } = this.#options;
    // A cluster's node knows its own subscribers only: there the answers have to do.
    if (client instanceof Cluster || this.#isLooking) return;
    this.#isLooking = true;
    const peers = [...this.#watched];
    client
      .pubsub('NUMSUB', ...peers.map(([, { channel }]) => channel))
      .then((counts) => {
        peers.forEach(([incarnation, watched], index) => {
          const listeners = Number(counts[2 * index + 1]);
          if (listeners > 0) watched.wasThere = true;
          watched.empty = listeners > 0 ? 0 : watched.empty + 1;
          if (watched.empty >= emptyLooks) this.#suspect(incarnation, watched);
        });
      })
      .catch(() => {})
      .finally(() => (this.#isLooking = false));
  }

  #ask(now: number): void {
    const { client, incarnation } = this.#options;
    for (const [peer, watched] of this.#watched) {
      const { unansweredSinceMs } = watched;
      if (unansweredSinceMs !== null && now - unansweredSinceMs >= answerWithinMs) {
        // A step later, so that an answer that came and was not read yet still counts.
        setImmediate(() => {
          if (watched.unansweredSinceMs === unansweredSinceMs) this.#suspect(peer, watched);
        });
      }
      watched.unansweredSinceMs ??= now;
      publish(client, watched.channel, `?${incarnation}`).catch(() => {});
    }
  }

  /** `?` and who asks, or `!` and who answers. */
  #heard(text: string): void {
    const { client, keys, incarnation } = this.#options;
    const from = text.slice(1);
    if (text.startsWith('?')) {
      if (this.#isUp) publish(client, keys.pulse(from), `!${incarnation}`).catch(() => {});
      return;
    }
    const watched = this.#watched.get(from);
    if (!watched) return;
    watched.wasThere = true;
    watched.unansweredSinceMs = null;
  }

  #suspect(incarnation: string, watched: Watched): void {
    if (!this.#isUp || !watched.wasThere || this.#watched.get(incarnation) !== watched) return;
    this.#options.onSuspect(incarnation);
  }
}

function forgive(watched: Watched): void {
  watched.empty = 0;
  watched.unansweredSinceMs = null;
}
