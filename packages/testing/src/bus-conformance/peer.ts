import {
  randomId,
  RunnerBus,
  systemClock,
  VoicebusError,
  type AnyBusMessage,
  type Bus,
} from '@voicebus/core';
import type { ContextMessage, RunnerRecord } from '@voicebus/protocol';
import { Seen } from './seen.ts';

export const sessionId = 'session';
const worker = 'worker';

/** A process with one worker on the session plane, and what it received. */
export class Peer implements AsyncDisposable {
  readonly bus: RunnerBus;
  readonly seen = new Seen<AnyBusMessage>();
  readonly links = new Seen<boolean>();
  /** Awaited before the next message of the ordered lane. */
  handle: (message: AnyBusMessage) => void | Promise<void> = () => {};

  private constructor(bus: Bus) {
    this.bus = new RunnerBus({
      bus,
      incarnation: randomId(),
      clock: systemClock,
      onUnrouted: ({ target }) => new VoicebusError('no-such-worker', `${target.worker}?`),
      onProblem: () => {},
    });
  }

  static async join(bus: Bus): Promise<Peer> {
    const peer = new Peer(bus);
    peer.bus.subscribe(worker, sessionId, { receive: ({ message }) => peer.#receive(message) });
    await peer.bus.join({
      onRecord: () => {},
      onLeft: () => {},
      onLink: (up) => peer.links.add(up),
    });
    peer.bus.membership.announce(recordOf(peer.bus.incarnation));
    return peer;
  }

  /** On the ordered lane. */
  say(to: Peer, name: string, body: unknown = null): void {
    this.bus.send({
      kind: 'custom',
      sessionId,
      from: worker,
      to: { incarnation: to.bus.incarnation, worker },
      body: { name, body },
    });
  }

  /** On the urgent lane. */
  call(to: Peer, name: string): void {
    this.bus.send({
      kind: 'worker-cancel',
      sessionId,
      from: worker,
      to: { incarnation: to.bus.incarnation, worker },
      body: { reason: name },
    });
  }

  /** A word of an answer; undefined while the other side follows, else a wait until it does. */
  write(to: Peer, text: string): Promise<void> | undefined {
    const { incarnation } = to.bus;
    this.bus.send({
      kind: 'response-text',
      sessionId,
      from: worker,
      to: { incarnation, worker },
      body: { turnId: 'turn', messageId: 'message', text },
    });
    return this.bus.whenDrained(sessionId, incarnation, new AbortController().signal);
  }

  /** A conversation, on the ordered lane; large ones go in parts. */
  tell(to: Peer, messages: readonly ContextMessage[]): void {
    this.bus.send({
      kind: 'context-snapshot',
      sessionId,
      from: worker,
      to: { incarnation: to.bus.incarnation, worker },
      body: { turnId: 'turn', context: { version: messages.length, messages: [...messages] } },
    });
  }

  /** What came on the ordered lane. */
  get said(): readonly string[] {
    return this.seen.items.flatMap((message) =>
      message.kind === 'custom' ? [message.body.name] : [],
    );
  }

  /** What came on the urgent lane. */
  get called(): readonly string[] {
    return this.seen.items.flatMap((message) =>
      message.kind === 'worker-cancel' ? [message.body.reason ?? ''] : [],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.bus.leave();
  }

  #receive(message: AnyBusMessage): void | Promise<void> {
    const handled = this.handle(message);
    if (!handled) {
      this.seen.add(message);
      return;
    }
    return handled.then(() => this.seen.add(message));
  }
}

/** As a runner would say it once; a bus that lost it says it again by itself. */
function recordOf(incarnation: string): RunnerRecord {
  return {
    runner: incarnation,
    incarnation,
    role: 'peer',
    host: 'here',
    version: '0.1.0',
    state: 'ready',
    startedAtWallMs: 0,
    heartbeatWallMs: 0,
    sessions: 1,
    capacity: 1,
    eventLoopLagMs: 0,
    errors: 0,
    workers: [],
  };
}

/** "0" to "count - 1". */
export function numbers(count: number, prefix = ''): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}
