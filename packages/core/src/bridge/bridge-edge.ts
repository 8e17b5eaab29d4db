import type { BusBody, BusKind } from '@voicebus/protocol';
import type { Address, AnyBusMessage } from '../bus/envelope.ts';
import type { Delivery } from '../bus/mailbox.ts';
import { ContextMirror } from '../context/context-mirror.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameRegistry } from '../frames/frame-registry.ts';
import { prepareFrame } from '../session/eager-turn.ts';
import type { SessionHost } from '../session/session-host.ts';

export interface BridgeEdgeOptions {
  readonly host: SessionHost;
  readonly sessionId: string;
  readonly workerName: string;
  /** Bridges that it answers to; empty: any. */
  readonly bridges: readonly string[];
  readonly frames?: FrameRegistry;
  readonly isActive: () => boolean;
  /** Into the worker's own pipeline. */
  readonly queue: (frame: Frame, direction?: Direction) => void;
}

/**
 * An agent's side of the bridge: turns what the owner asks into frames for the agent's pipeline, and the
 * frames that leave it into floor acts under the epoch that the agent was activated with.
 */
export class BridgeEdge {
  readonly mirror = new ContextMirror();
  readonly #options: BridgeEdgeOptions;
  #owner: Address | undefined;
  #epoch = 0;
  /** Requests up to this number of the ordered lane were interrupted before they were read. */
  #voidThrough = 0;
  /** What came over the bridge does not go back over it. */
  readonly #received = new WeakSet<Frame>();

  constructor(options: BridgeEdgeOptions) {
    this.#options = options;
  }

  get owner(): Address | undefined {
    return this.#owner;
  }

  accepts(bridge: string | null): boolean {
    const { bridges } = this.#options;
    return bridges.length === 0 || (bridge !== null && bridges.includes(bridge));
  }

  /** The floor is ours: by whom, under which epoch, on which context. */
  activate(message: Extract<AnyBusMessage, { kind: 'activate' }>): void {
    this.#owner = message.source;
    this.#epoch = message.epoch;
    if (message.body.context) this.mirror.adopt(message.body.context);
  }

  /** Runs the turn that came with the activation. */
  run(turnId: string): void {
    this.#options.queue(createFrame('llm-context', { turnId, context: this.mirror }));
  }

  /** True when the message was one for the edge. */
  receive({ message, sequence }: Delivery): boolean {
    if (!this.isFromOwner(message)) return false;
    switch (message.kind) {
      case 'interruption':
        this.#voidThrough = Math.max(this.#voidThrough, message.body.voidThrough);
        this.#options.queue(createFrame('interruption', { by: 'agent' }));
        return true;
      case 'turn-request': {
        const { baseVersion, operations, version, turnId } = message.body;
        this.#epoch = Math.max(this.#epoch, message.epoch);
        if (!this.mirror.catchUp(baseVersion, operations, version)) {
          this.send('context-request', { turnId, haveVersion: this.mirror.version });
          return true;
        }
        if (sequence > this.#voidThrough) this.run(turnId);
        return true;
      }
      case 'turn-prepare': {
        const { message: words, changes } = message.body;
        const messages = changes && this.mirror.preview(changes.baseVersion, changes.operations);
        this.#options.queue(prepareFrame(messages ?? [], messages ? words : null));
        return true;
      }
      case 'context-snapshot':
        this.#epoch = Math.max(this.#epoch, message.epoch);
        this.mirror.adopt(message.body.context);
        if (sequence > this.#voidThrough) this.run(message.body.turnId);
        return true;
      case 'custom-frame': {
        if (!this.#options.isActive() || !this.accepts(message.body.bridge)) return true;
        const { name, body, direction } = message.body;
        const definition = (this.#options.frames ?? new FrameRegistry()).check(name, body);
        const frame = createFrame('custom', { name, body, class: definition.class });
        this.#received.add(frame);
        this.#options.queue(frame, direction);
        return true;
      }
      default:
        return false;
    }
  }

  /** Whether who gave us the floor sent it. */
  isFromOwner({ source }: AnyBusMessage): boolean {
    return source.incarnation === this.#owner?.incarnation && source.worker === this.#owner.worker;
  }

  /** The old holder goes on under a new epoch after a handoff that failed. */
  renew(epoch: number): void {
    this.#epoch = epoch;
  }

  /** A frame leaves the agent's pipeline. */
  leave(frame: Frame, direction: Direction): void {
    if (direction === 'upstream' && frame.kind !== 'custom') return;
    switch (frame.kind) {
      case 'llm-response-start':
        this.send('response-start', {
          turnId: frame.turnId,
          messageId: frame.messageId,
          ...(frame.aheadMs === undefined ? {} : { aheadMs: frame.aheadMs }),
        });
        return;
      case 'llm-text':
        this.send('response-text', {
          turnId: frame.turnId,
          messageId: frame.messageId,
          text: frame.text,
        });
        return;
      case 'llm-response-end':
        this.send('response-end', {
          turnId: frame.turnId,
          messageId: frame.messageId,
          reason: frame.reason,
          ...(frame.inputTokens === undefined ? {} : { inputTokens: frame.inputTokens }),
          ...(frame.outputTokens === undefined ? {} : { outputTokens: frame.outputTokens }),
          ...(frame.provider === undefined ? {} : { provider: frame.provider }),
          ...(frame.model === undefined ? {} : { model: frame.model }),
        });
        return;
      case 'tool-started':
        this.send('tool-started', { turnId: frame.turnId, call: frame.call });
        return;
      case 'tool-ended': {
        const { turnId, callId, name, status, content, durationMs, run } = frame;
        this.send('tool-ended', { turnId, callId, name, status, content, durationMs, run });
        return;
      }
      case 'custom': {
        if (this.#received.has(frame)) return;
        (this.#options.frames ?? new FrameRegistry()).check(frame.name, frame.body);
        const { name, body } = frame;
        this.send('custom-frame', {
          name,
          body,
          bridge: this.#options.bridges[0] ?? null,
          direction,
        });
        return;
      }
      default:
        // Lifecycle and measurements of the agent's own pipeline stay there.
        return;
    }
  }

  /** Undefined while the owner takes in what it is sent; see `RunnerBus.whenDrained`. */
  whenDrained(signal: AbortSignal): Promise<void> | undefined {
    const { host, sessionId } = this.#options;
    return this.#owner && host.bus.whenDrained(sessionId, this.#owner.incarnation, signal);
  }

  /** Sends to the session's owner; without one there is nobody to tell. */
  send<Kind extends BusKind>(kind: Kind, body: BusBody<Kind>): void {
    if (!this.#owner) return;
    const { host, sessionId, workerName } = this.#options;
    host.bus.send({ kind, sessionId, from: workerName, to: this.#owner, body, epoch: this.#epoch });
  }
}
