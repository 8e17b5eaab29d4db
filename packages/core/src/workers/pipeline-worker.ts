import type { BusBody } from '@voicebus/protocol';
import { BridgeEdge } from '../bridge/bridge-edge.ts';
import { BusBridgeProcessor } from '../bridge/bus-bridge-processor.ts';
import type { AnyBusMessage, BusMessage } from '../bus/envelope.ts';
import type { Delivery } from '../bus/mailbox.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { withDeadline } from '../failover/deadline.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import type { FrameRegistry } from '../frames/frame-registry.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import {
  withIds,
  Worker,
  type ActivateOptions,
  type ActivationArgs,
  type NewMessage,
  type WorkerOptions,
} from './worker.ts';
import type { WorkerHost } from './worker-host.ts';

export interface PipelineWorkerOptions extends WorkerOptions {
  /**
   * Set on a worker that speaks through another worker's bridge: the names of the bridges it answers to,
   * an empty list for any. It then contends for that bridge's floor.
   */
  readonly bridged?: readonly string[];
  readonly frames?: FrameRegistry;
  /** How long a graceful end may take to play out what was promised. */
  readonly drainTimeoutMs?: number;
  /** How long the processors may take to open. */
  readonly setupTimeoutMs?: number;
}

export interface PipelineActivateOptions extends ActivateOptions {
  readonly args?: ActivationArgs & {
    readonly messages?: readonly NewMessage[];
    readonly runLlm?: boolean;
  };
}

/** The pipeline's outside: what leaves at either end. */
class Outside extends FrameProcessor {
  readonly #leave: (frame: Frame, direction: Direction) => void;

  constructor(name: string, leave: (frame: Frame, direction: Direction) => void) {
    super(name);
    this.#leave = leave;
  }

  protected override process(frame: Frame, direction: Direction): void {
    this.#leave(frame, direction);
  }
}

/** A worker that runs a pipeline of frames. */
export class PipelineWorker extends Worker {
  readonly pipeline: Pipeline;
  readonly #options: PipelineWorkerOptions;
  readonly #ended = Promise.withResolvers<void>();
  #edge: BridgeEdge | undefined;
  #bridge: BusBridgeProcessor | undefined;
  /** Called for every frame that leaves the pipeline, with the direction it left in. */
  onFrame: ((frame: Frame, direction: Direction) => void) | undefined;

  constructor(name: string, pipeline: Pipeline, options: PipelineWorkerOptions = {}) {
    super(name, options);
    this.pipeline = pipeline;
    this.#options = options;
    new Outside(`${name}:top`, (frame, direction) => this.#left(frame, direction)).link(pipeline);
    pipeline.link(
      new Outside(`${name}:bottom`, (frame, direction) => this.#left(frame, direction)),
    );
  }

  override get bridged(): boolean {
    return this.#options.bridged !== undefined;
  }

  /** This worker's end of somebody else's bridge. */
  protected get edge(): BridgeEdge | undefined {
    return this.#edge;
  }

  override attach(host: WorkerHost): void {
    super.attach(host);
    const { sessionId } = this;
    const environment = {
      sessionId,
      workerName: this.name,
      clock: host.clock,
      events: host.events(sessionId),
    };
    this.pipeline.attach(environment);
    for (const processor of this.pipeline.processors) {
      if (processor instanceof BusBridgeProcessor) this.#bridge = processor;
    }
    this.#bridge?.own(host, environment);
    if (!this.#options.bridged) return;
    this.#edge = new BridgeEdge({
      host,
      sessionId,
      workerName: this.name,
      bridges: this.#options.bridged,
      isActive: () => this.active,
      queue: (frame, direction) => this.queueFrame(frame, direction),
      ...(this.#options.frames ? { frames: this.#options.frames } : {}),
    });
  }

  queueFrame(frame: Frame, direction: Direction = 'downstream'): void {
    if (this.state === 'stopped') return;
    // Whatever is queued on an inactive agent, it runs no inference.
    const infers = frame.kind === 'llm-context' || frame.kind === 'llm-prepare';
    if (infers && this.bridged && !this.active) return;
    this.pipeline.queueFrame(frame, direction);
  }

  queueFrames(frames: readonly Frame[]): void {
    for (const frame of frames) this.queueFrame(frame);
  }

  /** Resolves when everything that was queued before has been handled. */
  async flushPipeline(timeoutMs = 5_000): Promise<void> {
    const flushed = Promise.withResolvers<void>();
    this.queueFrame(createFrame('flush', { done: flushed.resolve }));
    const late = `${this.name} still works on its frames after ${timeoutMs} ms.`;
    await withDeadline(flushed.promise, {
      clock: this.host.clock,
      limitMs: timeoutMs,
      error: () => new VoicebusError('deadline', late),
    });
  }

  /**
   * Activates another worker. For a bridged one this moves the floor of this worker's own bridge; an
   * agent that holds a floor gives it up with `deactivateSelf`.
   */
  override async activateWorker(
    name: string,
    options: PipelineActivateOptions = {},
  ): Promise<void> {
    if (!this.#bridge) return super.activateWorker(name, options);
    await this.#bridge.owner.giveFloor({
      target: name,
      from: null,
      callId: null,
      messages: withIds(options.args?.messages ?? []),
      run: options.args?.runLlm ?? (options.args?.messages ?? []).length > 0,
      ...(options.args?.metadata ? { metadata: { ...options.args.metadata } } : {}),
    });
  }

  /**
   * Takes the floor of this worker's own bridge from an agent that holds it; the user's next words seek another.
   * Does nothing to one that does not hold it. Rejects with `no-such-worker`, with `stale-epoch` where another
   * process has taken the session over, and without a bridge of its own with `floor-held`.
   */
  override async deactivateWorker(name: string): Promise<void> {
    if (this.#bridge && (await this.locate(name)).bridged)
      await this.#bridge.owner.takeFloorFrom(name);
    else await super.deactivateWorker(name);
  }

  protected override async onStart(): Promise<void> {
    const { setupTimeoutMs = 20_000 } = this.#options;
    const late = `${this.name} was not set up within ${setupTimeoutMs} ms.`;
    await withDeadline(this.pipeline.setup(), {
      clock: this.host.clock,
      limitMs: setupTimeoutMs,
      error: () => new VoicebusError('deadline', late),
    });
    this.pipeline.queueFrame(createFrame('start', {}));
  }

  protected override async finish(reason?: string): Promise<void> {
    if (this.state !== 'ending') return;
    const cancel = this.host.clock.after(
      this.#options.drainTimeoutMs ?? 20_000,
      this.#ended.resolve,
    );
    this.pipeline.queueFrame(createFrame('end', reason === undefined ? {} : { reason }));
    await this.#ended.promise.finally(cancel);
  }

  protected override async onStop(): Promise<void> {
    this.pipeline.queueFrame(createFrame('cancel', {}));
    this.#ended.resolve();
    await this.pipeline.cleanup();
  }

  protected override receive(delivery: Delivery): void | Promise<void> {
    if (this.#edge?.receive(delivery)) return;
    // Who holds the floor gives it up to nobody but the owner of the session, who would go on asking it.
    if (
      delivery.message.kind === 'deactivate' &&
      this.#edge?.isFromOwner(delivery.message) === false
    )
      return;
    return super.receive(delivery);
  }

  protected override adoptActivation(message: BusMessage<'activate'>): void {
    this.#edge?.activate(message);
  }

  protected override receiveOther(message: AnyBusMessage): void {
    if (message.kind !== 'handoff-result') return;
    if (!message.body.ok) this.#edge?.renew(message.epoch);
    this.replies.resolve(message.body.requestId, message.body satisfies BusBody<'handoff-result'>);
  }

  protected override preparation(bridge: string | null): Omit<BusBody<'prepared'>, 'handoffId'> {
    if (this.#edge?.accepts(bridge)) return { ok: true };
    return {
      ok: false,
      code: 'handoff-refused',
      message: `${this.name} does not answer to the bridge ${bridge}.`,
    };
  }

  #left(frame: Frame, direction: Direction): void {
    if (frame.kind === 'end' && direction === 'downstream') this.#ended.resolve();
    if (frame.kind === 'flush') frame.done();
    this.onFrame?.(frame, direction);
    // What it still worked on was given up: whoever takes its place, or asks what became of it, is not told by it.
    if (this.state !== 'stopped') this.#edge?.leave(frame, direction);
  }
}
