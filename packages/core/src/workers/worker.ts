import type { BusBody, ContextMessage } from '@voicebus/protocol';
import type { Address, AnyBusMessage, BusMessage } from '../bus/envelope.ts';
import type { Delivery } from '../bus/mailbox.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { nextId } from '../identity/random-id.ts';
import type { WorkerLocation } from '../registry/worker-registry.ts';
import { PendingReplies, replyFrom } from '../bus/pending-replies.ts';
import { noSuchWorker } from '../registry/no-such-worker.ts';
import type { WorkerHost } from './worker-host.ts';

/** The one conversation of a runner that is not told of any other. */
export const defaultSessionId = 'default';

/**
 * - `created`: not on a runner yet
 * - `attached`: hears its messages; activations are kept until it is ready
 * - `ready`: started and announced
 * - `ending`: plays out what was promised; children end first
 * - `stopped`: nothing runs any more
 */
export type WorkerState = 'created' | 'attached' | 'ready' | 'ending' | 'stopped';

const transitions: Record<WorkerState, readonly WorkerState[]> = {
  created: ['attached', 'stopped'],
  attached: ['ready', 'stopped'],
  ready: ['ending', 'stopped'],
  ending: ['stopped'],
  stopped: [],
};

export interface ActivationArgs {
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export interface ActivateOptions {
  readonly args?: ActivationArgs;
  /** Give the floor up to the target (bridged workers only). */
  readonly deactivateSelf?: boolean;
}

export interface WorkerOptions {
  /** The one session that it serves. Default: the runner's only one. */
  readonly sessionId?: string;
  /** Active as soon as it is ready. Default: true; workers with a language model wait to be activated. */
  readonly active?: boolean;
}

/** An activation is answered by the target's runner at once; this covers a slow network and a busy loop. */
const activateTimeoutMs = 1_000;

/** A named unit on the bus: it is addressed, activated, ended. Useful as it is for work without audio. */
export class Worker {
  readonly name: string;
  readonly sessionId: string;
  readonly #finished = Promise.withResolvers<void>();
  readonly #children = new Set<Worker>();
  #state: WorkerState = 'created';
  #host: WorkerHost | undefined;
  #replies: PendingReplies | undefined;
  #unsubscribe: (() => void) | undefined;
  #active = false;
  #startedWallMs = 0;
  #pendingActivation: ActivationArgs | undefined;
  #activationArgs: ActivationArgs | undefined;
  #parent: Worker | undefined;
  readonly #unwatch: (() => void)[] = [];

  constructor(name: string, options: WorkerOptions = {}) {
    this.name = name;
    this.sessionId = options.sessionId ?? defaultSessionId;
    if (options.active ?? true) this.#pendingActivation = {};
  }

  /** How people see it. */
  get label(): string {
    return this.name;
  }
  get state(): WorkerState {
    return this.#state;
  }
  get active(): boolean {
    return this.#active;
  }
  /** What it was activated with; undefined while inactive. */
  get activationArgs(): ActivationArgs | undefined {
    return this.#activationArgs;
  }
  get startedAtWallMs(): number {
    return this.#startedWallMs;
  }
  get parent(): Worker | undefined {
    return this.#parent;
  }
  get children(): readonly Worker[] {
    return [...this.#children];
  }
  /** True for workers that speak through another worker's bridge: they contend for its floor. */
  get bridged(): boolean {
    return false;
  }
  /** Throws `not-attached` before the worker was added to a runner. */
  get host(): WorkerHost {
    if (!this.#host) {
      throw new VoicebusError(
        'not-attached',
        `${this.name} is on no runner yet: call runner.addWorkers() first.`,
      );
    }
    return this.#host;
  }
  get address(): Address {
    return { incarnation: this.host.bus.incarnation, worker: this.name };
  }
  protected get replies(): PendingReplies {
    this.#replies ??= new PendingReplies(this.host.clock);
    return this.#replies;
  }

  /** Called by the runner, before anything is started, so that no early message is missed. */
  attach(host: WorkerHost): void {
    this.#move('attached');
    this.#host = host;
    this.#unsubscribe = host.bus.subscribe(this.name, this.sessionId, {
      receive: (delivery) => this.receive(delivery),
    });
  }

  /** Called by the runner. Rejects when the worker cannot start; it is stopped then. */
  async start(): Promise<void> {
    try {
      await this.onStart();
    } catch (thrown) {
      await this.stop();
      throw thrown;
    }
    if (this.#state !== 'attached') return;
    this.#startedWallMs = this.host.clock.wall();
    this.#move('ready');
    this.host.changed(this);
    if (!this.#pendingActivation) return;
    try {
      await this.activated(this.#pendingActivation);
    } catch (thrown) {
      this.host.report(`${this.name} on its activation`, thrown);
    }
  }

  protected onStart(): void | Promise<void> {}
  protected onStop(): void | Promise<void> {}
  protected onActivated(_args: ActivationArgs): void | Promise<void> {}
  protected onDeactivated(): void | Promise<void> {}
  protected onWorkerReady(_location: WorkerLocation): void | Promise<void> {}
  protected onWorkerLeft(_location: WorkerLocation): void | Promise<void> {}
  protected onWorkerLost(_location: WorkerLocation): void | Promise<void> {}
  /** A message of the application's own, sent with `sendMessage`. */
  protected onMessage(_name: string, _body: unknown, _source: Address): void | Promise<void> {}

  /** Hooks are told when a worker of that name is ready, has left or is lost. */
  watchWorkers(...names: string[]): void {
    for (const name of names) {
      this.#unwatch.push(
        this.host.registry.watch(name, {
          ready: (location) => this.onWorkerReady(location),
          left: (location) => this.onWorkerLeft(location),
          lost: (location) => this.onWorkerLost(location),
        }),
      );
    }
  }

  /**
   * Activates another worker of this session, or this one anew. Rejects with `no-such-worker` or
   * `deadline`, and with `floor-held` when the target would have to take the floor from somebody.
   */
  async activateWorker(name: string, options: ActivateOptions = {}): Promise<void> {
    const location = await this.locate(name);
    if (location.bridged) {
      throw new VoicebusError(
        'floor-held',
        `${name} speaks in this session only when it is given the floor.`,
      );
    }
    const handoffId = nextId('activation');
    this.host.bus.send({
      kind: 'activate',
      sessionId: this.sessionId,
      from: this.name,
      to: { incarnation: location.incarnation, worker: name },
      traceId: handoffId,
      body: { ...activationBody(options.args), handoffId, traceId: handoffId },
    });
    const target = { incarnation: location.incarnation, worker: name };
    await this.replies.wait(replyFrom(target, handoffId), activateTimeoutMs, name);
  }

  /**
   * Deactivates another worker of this session. Resolves when it was sent, not when it was heard. Rejects with
   * `no-such-worker`, and with `floor-held` for one that may hold the floor: it hands over itself.
   */
  async deactivateWorker(name: string): Promise<void> {
    const { incarnation, bridged } = await this.locate(name);
    if (bridged) {
      throw new VoicebusError(
        'floor-held',
        `Only the owner of this session takes the floor from ${name}; ${name} itself hands it over with deactivateSelf.`,
      );
    }
    this.#send('deactivate', { incarnation, worker: name }, {});
  }

  /** Sends a message of the application's own to a worker of this session (also to itself). */
  async sendMessage(name: string, message: string, body: unknown): Promise<void> {
    const { incarnation } = await this.locate(name);
    this.#send('custom', { incarnation, worker: name }, { name: message, body });
  }

  /** Hosts another worker in this process and session; it ends before this one does. */
  async addWorkers(...workers: Worker[]): Promise<void> {
    for (const worker of workers) {
      if (worker.#parent) continue;
      worker.#parent = this;
      this.#children.add(worker);
      await this.host.adopt(worker);
    }
  }

  /** Ends this worker: children first, then what was promised, then it stops. Idempotent. */
  async end(reason?: string): Promise<void> {
    if (this.#state === 'stopped') return;
    if (this.#state === 'ending') return this.#finished.promise;
    if (this.#state === 'ready') this.#move('ending');
    await Promise.allSettled([...this.#children].map((child) => child.end(reason)));
    await this.finish(reason);
    await this.stop();
  }

  /** Stops this worker and its children at once. Idempotent. */
  async cancel(reason?: string): Promise<void> {
    await Promise.allSettled([...this.#children].map((child) => child.cancel(reason)));
    await this.stop();
  }

  /** Resolves when the worker has stopped. */
  wait(): Promise<void> {
    return this.#finished.promise;
  }

  /** Plays out what was promised; the default has promised nothing. */
  protected finish(_reason?: string): void | Promise<void> {}

  protected async stop(): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#move('stopped');
    this.#active = false;
    for (const unwatch of this.#unwatch) unwatch();
    this.#replies?.rejectAll(new VoicebusError('closed', `${this.name} has stopped.`));
    try {
      await this.onStop();
    } catch (thrown) {
      this.#host?.report(`${this.name} while stopping`, thrown);
    }
    this.#unsubscribe?.();
    this.#host?.changed(this);
    this.#finished.resolve();
  }

  protected receive({ message }: Delivery): void | Promise<void> {
    switch (message.kind) {
      case 'prepare':
        this.#send('prepared', message.source, {
          handoffId: message.body.handoffId,
          ...this.preparation(message.body.bridge),
        });
        return;
      case 'activate':
        this.#send('activated', message.source, { handoffId: message.body.handoffId });
        this.adoptActivation(message);
        return this.activated(argsOf(message.body));
      case 'deactivate':
        return this.deactivated();
      case 'prepared':
      case 'activated':
        this.replies.resolve(replyFrom(message.source, message.body.handoffId), message.body);
        return;
      case 'custom':
        return this.onMessage(message.body.name, message.body.body, message.source);
      case 'worker-end':
      case 'worker-cancel':
        this.#endFor(message);
        return;
      default:
        return this.receiveOther(message);
    }
  }

  /** Kinds that only some workers understand. */
  protected receiveOther(_message: AnyBusMessage): void | Promise<void> {}
  /** What comes with an activation beside its arguments. */
  protected adoptActivation(_message: BusMessage<'activate'>): void {}
  /** Whether it can take the floor of that bridge, and with which voice. */
  protected preparation(_bridge: string | null): Omit<BusBody<'prepared'>, 'handoffId'> {
    return {
      ok: false,
      code: 'handoff-refused',
      message: `${this.name} does not speak in this session.`,
    };
  }

  protected activated(args: ActivationArgs): void | Promise<void> {
    if (this.#state === 'attached') {
      this.#pendingActivation = args;
      return;
    }
    if (this.#state !== 'ready') return;
    this.#pendingActivation = undefined;
    this.#active = true;
    this.#activationArgs = args;
    this.host.changed(this);
    return this.onActivated(args);
  }

  protected deactivated(): void | Promise<void> {
    this.#pendingActivation = undefined;
    this.#active = false;
    this.#activationArgs = undefined;
    if (this.#state !== 'ready') return;
    this.host.changed(this);
    return this.onDeactivated();
  }

  /** Where a worker of this session is; waits a moment for one that is about to start. */
  protected async locate(name: string): Promise<WorkerLocation> {
    const location = await this.host.registry.resolve(name, this.sessionId, activateTimeoutMs);
    if (!location) throw noSuchWorker(name);
    return location;
  }

  /** Only its own process and who asked for it may end it: the session's owner. */
  #endFor({ source, kind, body }: BusMessage<'worker-end' | 'worker-cancel'>): void {
    const { bus } = this.host;
    const isOurs = source.incarnation === bus.incarnation;
    if (!isOurs && !bus.hasAsked(this.sessionId, source.incarnation)) return;
    void (kind === 'worker-end' ? this.end(body.reason) : this.cancel(body.reason));
  }

  #send<Kind extends 'prepared' | 'activated' | 'deactivate' | 'custom'>(
    kind: Kind,
    to: Address,
    body: BusBody<Kind>,
  ): void {
    this.host.bus.send({ kind, sessionId: this.sessionId, from: this.name, to, body });
  }

  #move(next: WorkerState): void {
    if (!transitions[this.#state].includes(next)) {
      throw new VoicebusError(
        'worker-failed',
        `${this.name} cannot go from ${this.#state} to ${next}.`,
      );
    }
    this.#state = next;
  }
}

/** Messages as people write them get the ids that the context needs. */
export function withIds(messages: readonly NewMessage[]): ContextMessage[] {
  return messages.map((message) => ({ ...message, id: message.id ?? nextId('message') }));
}

export interface NewMessage {
  readonly id?: string;
  readonly role: 'system' | 'developer' | 'user';
  readonly content: string;
}

function activationBody(
  args: ActivationArgs | undefined,
): Omit<BusBody<'activate'>, 'handoffId' | 'traceId'> {
  return {
    bridge: null,
    context: null,
    runTurnId: null,
    state: {},
    ...(args?.metadata ? { metadata: { ...args.metadata } } : {}),
  };
}

function argsOf(body: BusBody<'activate'>): ActivationArgs {
  return body.metadata ? { metadata: body.metadata } : {};
}
