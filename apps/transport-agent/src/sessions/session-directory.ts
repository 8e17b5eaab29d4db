import { randomId, VoicebusError, type Clock } from '@voicebus/core';
import type { EndReason } from '@voicebus/protocol';
import type { ProviderSound, ProviderTiming } from '@voicebus/service';
import type { SessionTokens } from '../tokens/session-tokens.ts';
import type { CallSession } from './call-session.ts';

export interface SessionDirectoryOptions {
  readonly clock: Clock;
  readonly tokens: SessionTokens;
  readonly maxSessions: number;
  /** False while an operator has this process take no new calls. */
  readonly takesCalls: () => boolean;
  readonly open: (options: {
    sessionId: string;
    audio: boolean;
    onEnded: () => void;
  }) => CallSession;
}

/** A place is kept for somebody who has a join token, as long as that is good. */
const reservedMs = 60_000;

/** The sessions of this process: promised, live, and gone. */
export class SessionDirectory {
  readonly #options: SessionDirectoryOptions;
  readonly #reserved = new Map<string, () => void>();
  readonly #live = new Map<string, CallSession>();
  #isDraining = false;
  #onEmpty: (() => void) | undefined;

  constructor(options: SessionDirectoryOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#live.size;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Keeps a place for a new caller. Throws `queue-full` when all lines are busy. */
  async reserve(audio: boolean): Promise<{ sessionId: string; joinToken: string }> {
    const { clock, maxSessions, tokens, takesCalls } = this.#options;
    if (this.#isDraining || !takesCalls()) {
      throw new VoicebusError('closed', 'This transport agent takes no new calls.', {
        isRetryable: true,
      });
    }
    if (this.#live.size + this.#reserved.size >= maxSessions) {
      throw new VoicebusError('queue-full', 'All lines are busy right now.', {
        isRetryable: true,
        data: { maxSessions },
      });
    }
    const sessionId = randomId();
    const cancel = clock.after(reservedMs, () => this.#reserved.delete(sessionId));
    this.#reserved.set(sessionId, cancel);
    return { sessionId, joinToken: await tokens.createJoin({ sessionId, audio }) };
  }

  /** Opens the session that a join token is for. */
  async join(token: string): Promise<CallSession> {
    const { sessionId, audio } = await this.#options.tokens.useJoin(token);
    const cancel = this.#reserved.get(sessionId);
    if (!cancel)
      throw new VoicebusError('session-ended', 'This place was given up: ask for a new one.');
    cancel();
    this.#reserved.delete(sessionId);
    const session = this.#options.open({ sessionId, audio, onEnded: () => this.#ended(sessionId) });
    this.#live.set(sessionId, session);
    try {
      await session.start();
    } catch (thrown) {
      await session.end('failed');
      throw thrown;
    }
    return session;
  }

  /** The live session that a resume token is for. */
  async resume(token: string): Promise<CallSession> {
    const session = this.#live.get(await this.#options.tokens.useResume(token));
    if (!session) throw new VoicebusError('session-ended', 'This call is over.');
    return session;
  }

  /** A provider says how long it took for a call; of one that is over nobody wants to know. */
  tell(sessionId: string, timing: ProviderTiming): void {
    this.#live.get(sessionId)?.events.emit('provider-timing', timing);
  }

  /** A provider says how much sound of a call it heard, or gave. */
  sounded(sessionId: string, sound: ProviderSound): void {
    this.#live.get(sessionId)?.events.emit('provider-sound', sound);
  }

  /** Ends one call, because somebody who looks after the service says so. */
  endByOperator(sessionId: string): void {
    void this.#live.get(sessionId)?.end('operator-ended');
  }

  /** No new callers; resolves when those who are here have ended, or this time is over. */
  async drain(withinMs: number): Promise<void> {
    this.#isDraining = true;
    if (this.#live.size === 0 || withinMs === 0) return;
    const drained = Promise.withResolvers<void>();
    this.#onEmpty = drained.resolve;
    const cancel = this.#options.clock.after(withinMs, drained.resolve);
    await drained.promise;
    cancel();
  }

  /** No new callers; everybody who is here is told good-bye. */
  async close(reason: EndReason): Promise<void> {
    this.#isDraining = true;
    for (const cancel of this.#reserved.values()) cancel();
    this.#reserved.clear();
    await Promise.allSettled([...this.#live.values()].map((session) => session.end(reason)));
  }

  #ended(sessionId: string): void {
    this.#live.delete(sessionId);
    this.#options.tokens.forget(sessionId);
    if (this.#live.size === 0) this.#onEmpty?.();
  }
}
