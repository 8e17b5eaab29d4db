import type { BusBody } from '@voicebus/protocol';
import type { Address } from '../bus/envelope.ts';
import type { SessionEvents } from '../events/session-events.ts';
import { createFrame, type Frame, type FrameFieldsByKind } from '../frames/frame.ts';

interface OpenCall {
  readonly turnId: string;
  readonly name: string;
  readonly agent: string;
  /** Of the process that runs it. */
  readonly incarnation: string;
}

/**
 * The tool calls that run. A result is matched by its call, whoever holds the floor by then; each call
 * gets exactly one outcome.
 */
export class ToolLedger {
  readonly #events: SessionEvents;
  readonly #push: (frame: Frame) => void;
  readonly #open = new Map<string, OpenCall>();

  constructor(events: SessionEvents, push: (frame: Frame) => void) {
    this.#events = events;
    this.#push = push;
  }

  started(
    { worker: agent, incarnation }: Address,
    { turnId, call }: BusBody<'tool-started'>,
  ): void {
    this.#open.set(call.id, { turnId, name: call.name, agent, incarnation });
    this.#events.emit('tool-start', { turnId, agent, callId: call.id, name: call.name });
    this.#push(createFrame('tool-started', { turnId, call }));
  }

  /** False for a call that is not open: it was settled before, or never was. */
  ended(body: FrameFieldsByKind['tool-ended']): boolean {
    const call = this.#open.get(body.callId);
    if (!call) return false;
    this.#open.delete(body.callId);
    const { turnId, callId, name, durationMs } = body;
    const status = body.status === 'unknown' ? 'error' : body.status;
    this.#events.emit('tool-end', { turnId, agent: call.agent, callId, name, status, durationMs });
    this.#push(createFrame('tool-ended', body));
    return true;
  }

  /** That process is gone: nobody knows what became of its calls, and they are never run again. */
  abandon(incarnation: string): void {
    for (const [callId, call] of this.#open) {
      if (call.incarnation !== incarnation) continue;
      const content =
        '{"error":"the agent that ran it is gone; whether it took effect is not known"}';
      this.ended({ ...call, callId, status: 'unknown', content, durationMs: 0, run: false });
    }
  }

  /** Records what the owner itself did for a call. The result opens the call again. */
  settle(callId: string | null, content: string): () => void {
    const call = callId === null ? undefined : this.#open.get(callId);
    if (!call || callId === null) return () => {};
    this.ended({ ...call, callId, status: 'completed', content, durationMs: 0, run: false });
    return () => this.#open.set(callId, call);
  }
}
