import type { BusBody } from '@voicebus/protocol';
import type { RunnerBus } from '../bus/runner-bus.ts';
import type { LLMContext } from '../context/llm-context.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import { createFrame, type Direction, type Frame, type FrameKind } from '../frames/frame.ts';
import { FrameRegistry } from '../frames/frame-registry.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';
import type { SessionHost } from '../session/session-host.ts';
import { SessionOwner, type SessionOwnerOptions } from '../session/session-owner.ts';

export interface BusBridgeProcessorOptions extends Partial<
  Pick<SessionOwnerOptions, 'fallbackAgent' | 'responseTimeoutMs'>
> {
  /** The runner's end of the bus. */
  readonly bus: RunnerBus;
  /** The worker whose pipeline this stands in. */
  readonly workerName: string;
  /** The conversation that this pipeline owns. */
  readonly context: LLMContext;
  /** Only agents that are bridged under this name answer here. Default: any. */
  readonly bridge?: string;
  /** Kinds that stay in this pipeline although they could cross. */
  readonly excludeFrames?: readonly FrameKind[];
  readonly frames?: FrameRegistry;
}

/**
 * Stands where a language model would: asks the agent that holds the floor for turns over the bus, and
 * puts what it answers into the pipeline. Interruptions and everything else that keeps sound and silence
 * right stay local and never wait for the bus.
 */
export class BusBridgeProcessor extends FrameProcessor {
  readonly #options: BusBridgeProcessorOptions;
  readonly #frames: FrameRegistry;
  #owner: SessionOwner | undefined;

  constructor(options: BusBridgeProcessorOptions) {
    super(`${options.workerName}::${options.bridge ?? 'bridge'}`);
    this.#options = options;
    this.#frames = options.frames ?? new FrameRegistry();
  }

  /** The arbiter of this session. Throws `not-attached` before the pipeline's worker is on a runner. */
  get owner(): SessionOwner {
    if (!this.#owner)
      throw new VoicebusError('not-attached', `${this.name} has not been set up yet.`);
    return this.#owner;
  }

  /** Called by the pipeline's worker: from here on this process owns the session. */
  own(host: SessionHost, { sessionId, events }: PipelineEnvironment): void {
    const { context, bridge, fallbackAgent, responseTimeoutMs } = this.#options;
    this.#owner = new SessionOwner({
      host,
      sessionId,
      events,
      context,
      name: this.name,
      bridge: bridge ?? null,
      push: (frame) => this.push(frame),
      ...(fallbackAgent === undefined ? {} : { fallbackAgent }),
      ...(responseTimeoutMs === undefined ? {} : { responseTimeoutMs }),
    });
    this.#owner.onCustomFrame = (body) => this.#receiveCustom(body);
  }

  override async cleanup(): Promise<void> {
    await this.#owner?.close();
  }

  protected override process(frame: Frame, direction: Direction): void {
    switch (frame.kind) {
      case 'llm-context':
        this.owner.requestTurn(frame.turnId);
        return;
      case 'llm-prepare':
        this.owner.eager.prepare(frame.message);
        return;
      case 'custom':
        if (!this.#options.excludeFrames?.includes('custom')) this.#sendCustom(frame, direction);
        else this.push(frame, direction);
        return;
      case 'input-audio':
        // The caller's sound ends here: no agent has asked for it.
        return;
      case 'interruption':
        this.push(frame, direction);
        if (direction === 'downstream') this.owner.interrupt();
        return;
      case 'user-started-speaking':
        this.owner.userSpeaks(true);
        break;
      case 'user-stopped-speaking':
        this.owner.userSpeaks(false);
        break;
      case 'user-turn-dropped':
        this.owner.userTurnDropped();
        break;
      default:
        break;
    }
    this.push(frame, direction);
  }

  #sendCustom(frame: Frame<'custom'>, direction: Direction): void {
    this.#frames.check(frame.name, frame.body);
    const { holder } = this.owner.floor;
    if (!holder) return;
    const { name, body } = frame;
    this.owner.send('custom-frame', holder, {
      name,
      body,
      direction,
      bridge: this.#options.bridge ?? null,
    });
  }

  #receiveCustom({ name, body, direction }: BusBody<'custom-frame'>): void {
    const definition = this.#frames.check(name, body);
    this.push(createFrame('custom', { name, body, class: definition.class }), direction);
  }
}
