import type { RunnerRecord, WorkerRecord } from '@voicebus/protocol';
import type { Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';

/** Where a worker (or a role that opens workers on demand) is to be found. */
export interface WorkerLocation {
  readonly name: string;
  readonly incarnation: string;
  /** Name of the runner that hosts it. */
  readonly runner: string;
  /** Null for a role that serves any session. */
  readonly sessionId: string | null;
  readonly bridged: boolean;
}

export interface WorkerWatcher {
  readonly ready?: (location: WorkerLocation) => void | Promise<void>;
  /** It said good-bye. */
  readonly left?: (location: WorkerLocation) => void | Promise<void>;
  /** It stopped renewing its lease. */
  readonly lost?: (location: WorkerLocation) => void | Promise<void>;
}
export type WatchHandler = WorkerWatcher | NonNullable<WorkerWatcher['ready']>;

export interface WorkerRegistryOptions {
  readonly incarnation: string;
  readonly clock: Clock;
  /** A runner that has not renewed for this long is lost: three renewals of 500 ms. */
  readonly leaseMs?: number;
  readonly onProblem: (what: string, thrown: unknown) => void;
  /** Chooses among replicas; a test's own makes a run repeatable. Default: Math.random. */
  readonly random?: () => number;
}

interface Known {
  record: RunnerRecord;
  heardMs: number;
}

const sweepEveryMs = 250;
/** One renewal of 500 ms was missed: two live runners of one name do not declare each other lost. */
const replacedAfterMs = 750;
/** Timers this late mean that we were the ones who slept. */
const lateMs = 500;

/** `doubted`: the bus doubts that it lives; until it renews its lease, others are asked first. */
export type RunnerChange = 'changed' | 'doubted' | 'left' | 'lost';
type RunnerListener = (record: RunnerRecord, change: RunnerChange) => void;

/** The live set of runners and workers, by lease. A stale name is never handed out. */
export class WorkerRegistry {
  readonly #options: WorkerRegistryOptions;
  readonly #leaseMs: number;
  readonly #runners = new Map<string, Known>();
  readonly #watches = new Map<string, Set<WatchHandler>>();
  readonly #listeners = new Set<RunnerListener>();
  /** Role and session → the runner that serves it, for as long as that runner lives. */
  readonly #assigned = new Map<string, string>();
  readonly #suspects = new Set<string>();
  /** Role and session → runners that had no room for it, until they say what they have now. */
  readonly #declined = new Map<string, Set<string>>();
  #restrainedUntilMs = 0;
  #sweptMs: number;
  #stopSweep: (() => void) | undefined;

  constructor(options: WorkerRegistryOptions) {
    this.#options = options;
    this.#leaseMs = options.leaseMs ?? 1_500;
    this.#sweptMs = options.clock.now();
  }

  start(): void {
    this.#sweptMs = this.#options.clock.now();
    this.#stopSweep ??= this.#options.clock.after(sweepEveryMs, () => this.#sweep());
  }

  stop(): void {
    this.#stopSweep?.();
    this.#stopSweep = undefined;
  }

  /** Runners that are known and alive. */
  get runners(): readonly RunnerRecord[] {
    return [...this.#runners.values()].map(({ record }) => record);
  }

  /** A runner announced itself or renewed, `ageMs` ago. */
  heard(record: RunnerRecord, ageMs = 0): void {
    const known = this.#runners.get(record.incarnation);
    const before = known?.record;
    const heardMs = this.#options.clock.now() - ageMs;
    if (!known) this.#replace(record);
    if (known && known.heardMs > heardMs) {
      // Somebody else's word for it, older than what was heard from itself.
      known.record = record;
    } else {
      this.#suspects.delete(record.incarnation);
      for (const declined of this.#declined.values()) declined.delete(record.incarnation);
      this.#runners.set(record.incarnation, { record, heardMs });
    }
    if (before?.workers === record.workers) {
      this.#tell(record, 'changed');
      return;
    }
    const had = new Set(before?.workers.map(workerKey));
    const has = new Set(record.workers.map(workerKey));
    for (const worker of before?.workers ?? [])
      if (!has.has(workerKey(worker)) && !isOpenedByRole(worker, before?.workers ?? []))
        this.#notify('left', worker, record);
    for (const worker of record.workers)
      if (!had.has(workerKey(worker)) && !isOpenedByRole(worker, record.workers))
        this.#notify('ready', worker, record);
    this.#tell(record, 'changed');
  }

  left(incarnation: string): void {
    this.#remove(incarnation, 'left');
  }

  /** While our own link is down, and one lease after, nobody is declared lost. */
  linkChanged(up: boolean): void {
    this.#restrainedUntilMs = up ? this.#options.clock.now() + this.#leaseMs : Infinity;
  }

  has(name: string, sessionId?: string): boolean {
    return this.get(name, sessionId) !== undefined;
  }

  /**
   * The worker of that name for a session: one that lives in the session, or a role that serves any.
   * Sticky per session; otherwise the less loaded of two replicas chosen at random.
   */
  get(name: string, sessionId?: string): WorkerLocation | undefined {
    const found = this.#locations(name).filter(
      (location) =>
        location.sessionId === null || location.sessionId === (sessionId ?? location.sessionId),
    );
    const ours = found.filter((location) => location.sessionId !== null);
    const own = ours.find(({ incarnation }) => !this.#suspects.has(incarnation));
    if (own) return own;
    const roles = found.filter((location) =>
      this.#takesSessions(location.incarnation, name, sessionId),
    );
    if (sessionId === undefined) return ours[0] ?? roles[0];
    const key = `${name}|${sessionId}`;
    const sticky = found.find((location) => location.incarnation === this.#assigned.get(key));
    if (sticky) return sticky;
    const declined = this.#declined.get(key);
    const trusted = roles.filter(
      ({ incarnation }) => !this.#suspects.has(incarnation) && !declined?.has(incarnation),
    );
    const chosen = this.#lessLoaded(trusted) ?? ours[0] ?? this.#lessLoaded(roles);
    if (chosen) this.#assigned.set(key, chosen.incarnation);
    return chosen;
  }

  /** Waits until somebody serves that name, at most `timeoutMs`; undefined when nobody came. */
  async resolve(
    name: string,
    sessionId: string,
    timeoutMs: number,
  ): Promise<WorkerLocation | undefined> {
    const now = this.get(name, sessionId);
    if (now || timeoutMs <= 0) return now;
    return new Promise((resolve) => {
      const unwatch = this.watch(name, () => {
        const location = this.get(name, sessionId);
        if (location) finish(location);
      });
      const { clock } = this.#options;
      const cancel = fairDeadline({ clock, limitMs: timeoutMs, rule: () => finish(undefined) });
      function finish(location: WorkerLocation | undefined): void {
        unwatch();
        cancel();
        resolve(location);
      }
    });
  }

  /**
   * Calls the handler for every worker of that name that is ready now or later (and, where the handler
   * says so, when one left or was lost). The same handler added twice is added once. A role counts once,
   * however many workers it opens for sessions.
   */
  watch(name: string, handler: WatchHandler): () => void {
    const handlers = this.#watches.get(name) ?? new Set();
    this.#watches.set(name, handlers);
    if (!handlers.has(handler)) {
      handlers.add(handler);
      for (const { record } of this.#runners.values())
        for (const worker of record.workers.filter((each) => each.name === name))
          if (!isOpenedByRole(worker, record.workers))
            this.#call(handler, 'ready', locate(worker, record));
    }
    return () => handlers.delete(handler);
  }

  /** Every change of any runner, for dashboards. */
  onChange(listener: RunnerListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The bus doubts that it lives. While we may be the one that is cut off, that says nothing. */
  doubt(incarnation: string): void {
    const record = this.#runners.get(incarnation)?.record;
    if (!record || this.#options.clock.now() < this.#restrainedUntilMs) return;
    this.suspect(incarnation);
    this.#tell(record, 'doubted');
  }

  /** Whether that name is served for the session by a runner that nobody doubts. */
  hasTrusted(name: string, sessionId: string): boolean {
    const location = this.get(name, sessionId);
    return location !== undefined && !this.#suspects.has(location.incarnation);
  }

  /** It did not answer: until it renews its lease, others are asked first. */
  suspect(incarnation: string): void {
    this.#suspects.add(incarnation);
    for (const [key, assigned] of this.#assigned)
      if (assigned === incarnation) this.#assigned.delete(key);
  }

  /** It takes no more sessions, and what we know of it is older: this one is not given to it again. */
  declined(incarnation: string, name: string, sessionId: string): void {
    const key = `${name}|${sessionId}`;
    this.#declined.set(key, (this.#declined.get(key) ?? new Set()).add(incarnation));
    if (this.#assigned.get(key) === incarnation) this.#assigned.delete(key);
  }

  /** The session is over: its assignments go. */
  releaseSession(sessionId: string): void {
    for (const keys of [this.#assigned, this.#declined])
      for (const key of keys.keys()) if (key.endsWith(`|${sessionId}`)) keys.delete(key);
  }

  #locations(name: string): WorkerLocation[] {
    return [...this.#runners.values()].flatMap(({ record }) =>
      record.workers
        .filter((worker) => worker.name === name)
        .map((worker) => locate(worker, record)),
    );
  }

  #takesSessions(incarnation: string, name: string, sessionId: string | undefined): boolean {
    const record = this.#runners.get(incarnation)?.record;
    if (!record) return false;
    if (sessionId !== undefined && this.#assigned.get(`${name}|${sessionId}`) === incarnation)
      return true;
    // A full runner, or one that drains, takes no more sessions, but another role for one that it serves is no more.
    const keepsItsOwn = record.state === 'busy' || record.state === 'draining';
    if (keepsItsOwn && this.#serves(incarnation, sessionId)) return true;
    return record.state === 'ready' && record.sessions < record.capacity;
  }

  #serves(incarnation: string, sessionId: string | undefined): boolean {
    return [...this.#assigned].some(
      ([key, assigned]) => assigned === incarnation && key.endsWith(`|${sessionId}`),
    );
  }

  #lessLoaded(roles: readonly WorkerLocation[]): WorkerLocation | undefined {
    const pick = (): WorkerLocation | undefined =>
      roles[Math.floor((this.#options.random ?? Math.random)() * roles.length)];
    const [first, second] = [pick(), pick()];
    if (!first || !second) return first;
    return this.#load(first) <= this.#load(second) ? first : second;
  }

  #load(location: WorkerLocation): number {
    const record = this.#runners.get(location.incarnation)?.record;
    return record ? record.sessions / Math.max(1, record.capacity) : 1;
  }

  /** The same runner was started anew: its last incarnation, silent since, is lost before its lease ends. */
  #replace({ runner, startedAtWallMs }: RunnerRecord): void {
    const now = this.#options.clock.now();
    for (const [incarnation, known] of this.#runners) {
      const isPredecessor =
        known.record.runner === runner && known.record.startedAtWallMs < startedAtWallMs;
      if (!isPredecessor || now - known.heardMs < replacedAfterMs) continue;
      if (now >= this.#restrainedUntilMs) this.#remove(incarnation, 'lost');
    }
  }

  #sweep(): void {
    const now = this.#options.clock.now();
    const late = now - this.#sweptMs - sweepEveryMs;
    this.#sweptMs = now;
    this.#stopSweep = this.#options.clock.after(sweepEveryMs, () => this.#sweep());
    if (late > lateMs)
      this.#restrainedUntilMs = Math.max(this.#restrainedUntilMs, now + this.#leaseMs);
    if (now < this.#restrainedUntilMs) return;
    for (const [incarnation, { heardMs }] of this.#runners) {
      if (incarnation !== this.#options.incarnation && now - heardMs > this.#leaseMs)
        this.#remove(incarnation, 'lost');
    }
  }

  #remove(incarnation: string, how: 'left' | 'lost'): void {
    const record = this.#runners.get(incarnation)?.record;
    if (!record) return;
    this.#runners.delete(incarnation);
    this.#suspects.delete(incarnation);
    for (const [key, assigned] of this.#assigned)
      if (assigned === incarnation) this.#assigned.delete(key);
    for (const worker of record.workers)
      if (!isOpenedByRole(worker, record.workers)) this.#notify(how, worker, record);
    this.#tell(record, how);
  }

  #notify(what: keyof WorkerWatcher, worker: WorkerRecord, record: RunnerRecord): void {
    for (const handler of this.#watches.get(worker.name) ?? [])
      this.#call(handler, what, locate(worker, record));
  }

  #call(handler: WatchHandler, what: keyof WorkerWatcher, location: WorkerLocation): void {
    const callback =
      typeof handler === 'function' ? (what === 'ready' ? handler : undefined) : handler[what];
    if (!callback) return;
    try {
      const result = callback(location);
      if (result)
        result.catch((thrown: unknown) =>
          this.#options.onProblem(`watch ${location.name}`, thrown),
        );
    } catch (thrown) {
      this.#options.onProblem(`watch ${location.name}`, thrown);
    }
  }

  #tell(record: RunnerRecord, change: RunnerChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(record, change);
      } catch (thrown) {
        this.#options.onProblem('registry listener', thrown);
      }
    }
  }
}

/** A worker for one session, where its runner opens one for every session that asks. */
function isOpenedByRole(worker: WorkerRecord, beside: readonly WorkerRecord[]): boolean {
  if (worker.sessionId === null) return false;
  return beside.some(({ name, sessionId }) => name === worker.name && sessionId === null);
}

function workerKey(worker: WorkerRecord): string {
  return `${worker.name}|${worker.sessionId ?? ''}`;
}

function locate(worker: WorkerRecord, record: RunnerRecord): WorkerLocation {
  return {
    name: worker.name,
    incarnation: record.incarnation,
    runner: record.runner,
    sessionId: worker.sessionId,
    bridged: worker.bridged,
  };
}
