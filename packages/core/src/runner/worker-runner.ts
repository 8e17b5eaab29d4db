import { hostname } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { BusBody, RunnerRecord, RunnerState } from '@voicebus/protocol';
import type { Agent } from '../agent/define-agent.ts';
import type { Bus } from '../bus/bus.ts';
import type { AnyBusMessage } from '../bus/envelope.ts';
import { LocalBus } from '../bus/local-bus.ts';
import type { Subscriber } from '../bus/mailbox.ts';
import { RunnerBus } from '../bus/runner-bus.ts';
import { systemClock, type Clock } from '../clock/clock.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { SessionEvents } from '../events/session-events.ts';
import { nextId, randomId } from '../identity/random-id.ts';
import type { LanguageModel } from '../model/language-model.ts';
import { noSuchWorker } from '../registry/no-such-worker.ts';
import { WorkerRegistry } from '../registry/worker-registry.ts';
import { sessionEnded } from '../session/session-ended.ts';
import type { WorkerHost } from '../workers/worker-host.ts';
import { defaultSessionId, type Worker } from '../workers/worker.ts';
import { Owners } from './owners.ts';
import { workerRecords } from './worker-records.ts';

export interface WorkerRunnerOptions {
  /** Default: a bus inside this process. */
  readonly bus?: Bus;
  /** Name that people know it by. Default: made up. */
  readonly name?: string;
  /** What it is for, on the dashboard: "transport-agent", "greeter". */
  readonly role?: string;
  readonly clock?: Clock;
  /** Sessions that it serves at once; above it replicas elsewhere are chosen. */
  readonly capacity?: number;
  readonly version?: string;
  /** Chooses among replicas. Default: Math.random. */
  readonly random?: () => number;
  /** No worker of that session is left here. */
  readonly onSessionGone?: (sessionId: string) => void;
  /** An operator ends a call that this runner owns. Default: nobody can. */
  readonly onEndSession?: (sessionId: string) => void;
  /** What went wrong without hurting anybody else; no personal data in it. Default: nowhere. */
  readonly onProblem?: (what: string, thrown: unknown) => void;
}

/** Opens a worker of a role for a session that needs one. */
export type WorkerFactory = (sessionId: string) => Worker;

const renewEveryMs = 500;
/** Where operators speak to runners: no session of a caller's. */
const operators = { sessionId: 'operators', worker: 'runner' } as const;

/** Hosts workers in one process: attaches, starts, announces, finds others, ends. */
export class WorkerRunner {
  readonly name: string;
  readonly incarnation = randomId();
  readonly bus: RunnerBus;
  readonly registry: WorkerRegistry;
  readonly clock: Clock;
  readonly #options: WorkerRunnerOptions;
  readonly #workers = new Map<string, Worker>();
  readonly #roles = new Map<string, { readonly factory: WorkerFactory; readonly label: string }>();
  readonly #events = new Map<string, SessionEvents>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #host: WorkerHost;
  readonly #owners: Owners;
  readonly #loopDelay = monitorEventLoopDelay({ resolution: 20 });
  #state: RunnerState = 'starting';
  #isLeaving = false;
  #startedWallMs = 0;
  #problems = 0;
  #cancelRenewal: (() => void) | undefined;
  #isAnnouncing = false;
  #ending: Promise<void> | undefined;

  constructor(options: WorkerRunnerOptions = {}) {
    this.#options = options;
    this.name = options.name ?? nextId('runner');
    this.clock = options.clock ?? systemClock;
    const report = (what: string, thrown: unknown): void => this.#report(what, thrown);
    this.bus = new RunnerBus({
      bus: options.bus ?? new LocalBus(),
      incarnation: this.incarnation,
      clock: this.clock,
      onUnrouted: (message) => this.#open(message),
      onProblem: (message, thrown) => report(`${message.target.worker} on ${message.kind}`, thrown),
    });
    this.registry = new WorkerRegistry({
      incarnation: this.incarnation,
      clock: this.clock,
      onProblem: report,
      ...(options.random === undefined ? {} : { random: options.random }),
    });
    this.#owners = new Owners({
      clock: this.clock,
      registry: this.registry,
      onAbandoned: (sessionId) => void this.#endForeignSession(sessionId),
    });
    this.#host = {
      runnerName: this.name,
      bus: this.bus,
      registry: this.registry,
      clock: this.clock,
      events: (sessionId) => this.#sessionEvents(sessionId),
      adopt: (worker) => this.#add(worker),
      changed: (worker) => this.#changed(worker),
      getWorker: (name, sessionId) => this.getWorker(name, sessionId),
      report,
    };
  }

  get state(): RunnerState {
    return this.#state;
  }

  /** Sessions that have at least one worker here. */
  get sessions(): number {
    return new Set([...this.#workers.values()].map(({ sessionId }) => sessionId)).size;
  }

  /** A worker that lives here. */
  getWorker(name: string, sessionId: string = defaultSessionId): Worker | undefined {
    return this.#workers.get(`${sessionId}|${name}`);
  }

  /** Hosts workers: attached at once, started when (or as soon as) the runner runs. */
  async addWorkers(...workers: Worker[]): Promise<void> {
    for (const worker of workers) await this.#add(worker);
  }

  /** Serves a role: a worker of it is opened for every session that asks for one. */
  serve(agent: Agent, options: { readonly llm: LanguageModel }): this;
  serve(name: string, factory: WorkerFactory): this;
  serve(role: Agent | string, how: { readonly llm: LanguageModel } | WorkerFactory): this {
    if (typeof role === 'string') {
      if (typeof how === 'function') this.#roles.set(role, { factory: how, label: role });
    } else if (typeof how !== 'function') {
      const factory = (sessionId: string): Worker => role.createWorker({ sessionId, llm: how.llm });
      this.#roles.set(role.name, { factory, label: role.label ?? role.name });
    }
    this.#announce();
    return this;
  }

  /** Joins the bus and starts what was added. Resolves when all of it runs. */
  async start(): Promise<void> {
    if (this.#state !== 'starting' || this.#startedWallMs > 0) return;
    this.#startedWallMs = this.clock.wall();
    this.#loopDelay.enable();
    await this.bus.join({
      onRecord: (record, ageMs) => this.registry.heard(record, ageMs),
      onLeft: (incarnation) => this.registry.left(incarnation),
      onSuspect: (incarnation) => this.registry.doubt(incarnation),
      onLink: (up) => this.registry.linkChanged(up),
    });
    this.registry.start();
    this.bus.subscribe(operators.worker, operators.sessionId, {
      receive: ({ message }) => this.#operated(message),
    });
    for (const record of await this.bus.membership.records()) this.registry.heard(record);
    this.#state = 'ready';
    this.#renew();
    // Together, since some may wait for others; one that fails is reported and hurts nobody else.
    await Promise.allSettled([...this.#workers.values()].map((worker) => this.#start(worker)));
  }

  /** Starts, and resolves once the runner has ended. */
  async run(): Promise<void> {
    await this.start();
    await this.#finished.promise;
  }

  /** No new sessions; those that live go on. For good: this process is about to end, whatever operators say. */
  drain({ forGood = false } = {}): void {
    this.#isLeaving ||= forGood;
    if (this.#state === 'ready' || this.#state === 'busy') this.#setState('draining');
  }

  /** Takes new sessions again. */
  undrain(): void {
    if (this.#state === 'draining' && !this.#isLeaving) this.#setState('ready');
  }

  /** Asks another runner (or this one) to drain, or to end a call that it owns; its record shows what it did. */
  operate(incarnation: string, body: BusBody<'operate'>): void {
    this.bus.send({
      kind: 'operate',
      sessionId: operators.sessionId,
      from: operators.worker,
      to: { incarnation, worker: operators.worker },
      body,
    });
  }

  /** Ends every worker, each after what it has promised, then leaves the bus. Idempotent. */
  end(reason?: string): Promise<void> {
    this.#ending ??= this.#close((worker) => worker.end(reason));
    return this.#ending;
  }

  /** Stops every worker at once, also while a graceful end is under way. Idempotent. */
  async cancel(reason?: string): Promise<void> {
    await Promise.allSettled(this.#roots().map((worker) => worker.cancel(reason)));
    this.#ending ??= this.#close((worker) => worker.cancel(reason));
    await this.#ending;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cancel('disposed');
  }

  /** What is still open, by name: empty after a clean end. */
  leaks(): string[] {
    return [...this.#workers.values()].map((worker) => `${worker.name} (${worker.state})`);
  }

  /** The session is over: whatever lives in it here goes, and late messages are dropped. */
  async endSession(sessionId: string): Promise<void> {
    const workers = [...this.#workers.values()].filter((worker) => worker.sessionId === sessionId);
    await Promise.allSettled(workers.map((worker) => worker.cancel('session ended')));
    for (const incarnation of this.bus.peers(sessionId)) {
      this.bus.send({
        kind: 'session-ended',
        sessionId,
        from: 'session',
        to: { incarnation, worker: 'session' },
        body: { reason: 'agent-ended' },
      });
    }
    this.#forgetSession(sessionId);
  }

  /** The event stream of a session that this runner owns. */
  events(sessionId: string): SessionEvents {
    return this.#sessionEvents(sessionId);
  }

  #roots(): Worker[] {
    return [...this.#workers.values()].filter(({ parent }) => !parent);
  }

  async #close(how: (worker: Worker) => Promise<void>): Promise<void> {
    this.#setState('draining');
    await Promise.allSettled(this.#roots().map(how));
    this.#setState('drained');
    this.#cancelRenewal?.();
    this.#owners.close();
    this.registry.stop();
    this.#loopDelay.disable();
    await this.bus.leave();
    this.#finished.resolve();
  }

  async #add(worker: Worker): Promise<void> {
    const key = `${worker.sessionId}|${worker.name}`;
    if (this.#workers.has(key)) {
      throw new VoicebusError(
        'worker-failed',
        `A worker named ${worker.name} is on this runner already.`,
        {
          data: { worker: worker.name },
        },
      );
    }
    this.#workers.set(key, worker);
    worker.attach(this.#host);
    if (this.#state !== 'starting') await this.#start(worker);
  }

  async #start(worker: Worker): Promise<void> {
    try {
      await worker.start();
    } catch (thrown) {
      this.#report(`${worker.name} did not start`, thrown);
      throw thrown;
    } finally {
      this.#announce();
    }
  }

  /** Opens the worker of a role that a message of some session asks for. */
  #open(message: AnyBusMessage): Subscriber | VoicebusError {
    const { kind, sessionId, target } = message;
    if (kind === 'session-ended' && target.worker === 'session') {
      if (!this.bus.hasAsked(sessionId, message.source.incarnation))
        return new VoicebusError('stale-epoch', 'Only the owner of a session can end it.');
      void this.#endForeignSession(sessionId);
      return sessionEnded();
    }
    const role = this.#roles.get(target.worker);
    if (!role || kind !== 'prepare') return noSuchWorker(target.worker);
    const isNew = !this.#serves(sessionId);
    if (this.#state !== 'ready' && (isNew || this.#state !== 'draining'))
      return new VoicebusError('closed', `${this.name} takes no new sessions.`);
    if (isNew && this.sessions >= (this.#options.capacity ?? Infinity)) {
      return new VoicebusError('queue-full', `${this.name} serves as many sessions as it can.`, {
        isRetryable: true,
      });
    }
    this.#owners.asked(sessionId, message.source.incarnation);
    const worker = role.factory(sessionId);
    this.#add(worker).catch(() => {});
    return { receive: () => {} };
  }

  async #endForeignSession(sessionId: string): Promise<void> {
    const workers = [...this.#workers.values()].filter((worker) => worker.sessionId === sessionId);
    await Promise.allSettled(workers.map((worker) => worker.cancel('session ended')));
    this.#forgetSession(sessionId);
  }

  #forgetSession(sessionId: string): void {
    this.registry.releaseSession(sessionId);
    this.#owners.forget(sessionId);
    this.bus.forgetSession(sessionId);
    this.#events.delete(sessionId);
    this.#announce();
  }

  #sessionEvents(sessionId: string): SessionEvents {
    const known = this.#events.get(sessionId);
    if (known) return known;
    const events = new SessionEvents(sessionId, this.clock, (event) => this.bus.publish(event));
    this.#events.set(sessionId, events);
    return events;
  }

  #changed({ state, sessionId, name }: Worker): void {
    const isGone = state === 'stopped' && this.#workers.delete(`${sessionId}|${name}`);
    if (isGone && !this.#serves(sessionId)) this.#options.onSessionGone?.(sessionId);
    this.#announce();
  }

  #serves(sessionId: string): boolean {
    return [...this.#workers.values()].some((worker) => worker.sessionId === sessionId);
  }

  #operated(message: AnyBusMessage): void {
    if (message.kind !== 'operate') return;
    const { action, sessionId } = message.body;
    if (action === 'drain') this.drain();
    else if (action === 'undrain') this.undrain();
    else if (sessionId !== undefined) this.#options.onEndSession?.(sessionId);
  }

  #setState(state: RunnerState): void {
    this.#state = state;
    this.#announce();
  }

  #renew(): void {
    this.#announce();
    this.#loopDelay.reset();
    this.#cancelRenewal = this.clock.after(renewEveryMs, () => this.#renew());
  }

  #announce(): void {
    if (this.#startedWallMs === 0 || this.#state === 'starting') return;
    this.registry.heard(this.record());
    if (this.#isAnnouncing) return;
    this.#isAnnouncing = true;
    // Once for all that changes together: a session that opens or ends changes several workers.
    queueMicrotask(() => {
      this.#isAnnouncing = false;
      this.bus.announce(this.record());
    });
  }

  /** What others see of this runner. */
  record(): RunnerRecord {
    const { capacity = 1_000_000, role = 'runner', version = '0.1.0' } = this.#options;
    const { sessions } = this;
    const roles = [...this.#roles].map(([name, { label }]) => ({ name, label }));
    return {
      runner: this.name,
      incarnation: this.incarnation,
      role,
      host: hostname(),
      version,
      state: stateShown(this.#state, sessions, capacity),
      startedAtWallMs: this.#startedWallMs,
      heartbeatWallMs: this.clock.wall(),
      sessions,
      capacity,
      eventLoopLagMs: Math.max(0, Math.round(this.#loopDelay.max / 1e6) - 20),
      errors: this.#problems,
      workers: workerRecords(roles, [...this.#workers.values()], this.#startedWallMs),
    };
  }

  #report(what: string, thrown: unknown): void {
    this.#problems += 1;
    this.#options.onProblem?.(what, thrown);
  }
}

/** How full it is decides how others see a state. */
function stateShown(state: RunnerState, sessions: number, capacity: number): RunnerState {
  if (state === 'ready' && sessions >= capacity) return 'busy';
  return state === 'draining' && sessions === 0 ? 'drained' : state;
}
