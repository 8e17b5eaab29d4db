import type { BusBody, BusKind, ContextMessage } from '@voicebus/protocol';
import type { Address, AnyBusMessage, BusMessage } from '../bus/envelope.ts';
import type { Delivery } from '../bus/mailbox.ts';
import { LLMContext } from '../context/llm-context.ts';
import { asVoicebusError, VoicebusError } from '../errors/voicebus-error.ts';
import { createFrame, type Frame } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import { PendingReplies } from '../bus/pending-replies.ts';
import type { SessionHost } from './session-host.ts';
import { Floor } from './floor.ts';
import { moveFloor, type FloorRequest } from './handoff.ts';
import type { SessionEvents } from '../events/session-events.ts';

export interface SessionOwnerOptions {
  readonly host: SessionHost;
  readonly sessionId: string;
  /** The name under which agents answer: the owner's own address on the bus. */
  readonly name: string;
  readonly bridge: string | null;
  readonly context: LLMContext;
  readonly events: SessionEvents;
  /** Into the pipeline, where the bridge stands. */
  readonly push: (frame: Frame) => void;
  /** Who takes the floor when its holder is lost and no other replica of it is there. */
  readonly fallbackAgent?: string;
  /** From a turn's request to the first word or tool: more than any model that a caller waits for. */
  readonly responseTimeoutMs?: number;
}

/** The turn that the holder works on. */
interface OpenTurn {
  readonly turnId: string;
  readonly requestedMs: number;
  cancelDeadline: () => void;
  answered: boolean;
}

/**
 * The only arbiter of a session: owns its context and its floor, asks the holder for turns, judges at
 * acceptance whatever claims to come from the holder, and moves the floor.
 */
export class SessionOwner {
  readonly context: LLMContext;
  readonly events: SessionEvents;
  readonly floor: Floor;
  /** Floor acts that were refused: an old epoch, somebody who does not hold it, a turn that is over. */
  readonly counters = { fenced: 0, voided: 0 };
  readonly options: SessionOwnerOptions;
  readonly replies: PendingReplies;
  /** Tool calls that are running, with the round they belong to. */
  readonly openCalls = new Map<
    string,
    { readonly turnId: string; readonly name: string; readonly agent: string }
  >();
  /** What agents asked to keep; it survives all of them. */
  state: Record<string, unknown> = {};
  userSpeaking = false;
  #turn: OpenTurn | undefined;
  #refusable: { readonly messageId: string; readonly replyId: string } | undefined;
  #waitingTurnId: string | undefined;
  /** An activation that was to speak, kept back while the user speaks. */
  #heldRunTurnId: string | undefined;
  #knownVersion = new Map<string, number>();
  #moving: Promise<void> = Promise.resolve();
  #isMoving = false;
  #unsubscribe: () => void;
  #unwatch: (() => void) | undefined;
  #closed = false;
  onEndRequested: ((detail: string | undefined) => void) | undefined;
  onClientMessage: ((name: string, payload: unknown) => void) | undefined;
  onCustomFrame: ((body: BusBody<'custom-frame'>) => void) | undefined;

  constructor(options: SessionOwnerOptions) {
    this.options = options;
    this.context = options.context;
    this.events = options.events;
    this.floor = new Floor(options.host.bus.membership.store, options.sessionId, options.bridge);
    this.replies = new PendingReplies(options.host.clock);
    this.#unsubscribe = options.host.bus.subscribe(options.name, options.sessionId, {
      receive: (delivery) => this.#receive(delivery),
    });
  }

  /** Name of the agent that holds the floor. */
  get holder(): string | null {
    return this.floor.holder?.worker ?? null;
  }

  get isMoving(): boolean {
    return this.#isMoving;
  }

  /** A turn of the model is due. Without a holder, or while the floor moves, it waits; the newest wins. */
  requestTurn(turnId: string): void {
    if (this.#closed) return;
    this.#heldRunTurnId = undefined;
    if (this.#turn) this.interrupt();
    if (!this.floor.holder || this.#isMoving) {
      this.#waitingTurnId = turnId;
      return;
    }
    const holder = this.floor.holder;
    this.openTurn(turnId);
    const base = this.#knownVersion.get(holder.incarnation) ?? -1;
    const operations = base < 0 ? null : this.context.operationsSince(base);
    this.#knownVersion.set(holder.incarnation, this.context.version);
    if (operations) {
      const { version } = this.context;
      this.send('turn-request', holder, {
        turnId,
        baseVersion: base,
        version,
        operations: [...operations],
      });
    } else {
      this.send('context-snapshot', holder, { turnId, context: this.context.snapshot() });
    }
    this.events.emit('llm-request', { turnId, agent: holder.worker });
  }

  /** Voids what is being generated, and says so to the holder on the urgent lane. */
  interrupt(): void {
    const turn = this.#closeTurn();
    const { holder } = this.floor;
    if (!holder) return;
    this.send('interruption', holder, {
      turnId: turn?.turnId ?? null,
      voidThrough: this.options.host.bus.orderedSequence(
        holder.incarnation,
        this.options.sessionId,
      ),
    });
  }

  /** What the user was about to say came to nothing: a held-back activation speaks now. */
  userTurnDropped(): void {
    this.userSpeaking = false;
    const turnId = this.#heldRunTurnId;
    if (turnId) this.requestTurn(turnId);
  }

  /** Moves the floor, one request after the other. Rejects with the reason; the old holder keeps it then. */
  giveFloor(request: FloorRequest): Promise<void> {
    const moved = this.#moving.then(async () => {
      if (this.#closed) throw new VoicebusError('session-ended', 'The session is over.');
      this.#isMoving = true;
      try {
        await moveFloor(this, request);
        this.#watchHolder();
      } finally {
        this.#isMoving = false;
        const waiting = this.#waitingTurnId;
        this.#waitingTurnId = undefined;
        if (waiting) this.requestTurn(waiting);
      }
    });
    this.#moving = moved.catch(() => {});
    return moved;
  }

  /** The turn that an activation answers at once; null while the user speaks (it is made up for later). */
  openActivationTurn(): string | null {
    if (this.#waitingTurnId) return null; // the user's own turn waits, and is answered instead
    const turnId = nextId('turn');
    this.events.emit('turn-started', { turnId, by: 'agent' });
    if (this.userSpeaking) {
      this.#heldRunTurnId = turnId;
      return null;
    }
    return turnId;
  }

  openTurn(turnId: string): void {
    const { clock } = this.options.host;
    const timeoutMs = this.options.responseTimeoutMs ?? 15_000;
    this.#closeTurn();
    this.#turn = {
      turnId,
      requestedMs: clock.now(),
      answered: false,
      cancelDeadline: clock.after(timeoutMs, () => this.#noAnswer(turnId)),
    };
  }

  /** The holder has the context up to this version. */
  knows(holder: Address, version: number): void {
    this.#knownVersion.set(holder.incarnation, version);
  }

  send<Kind extends BusKind>(kind: Kind, to: Address, body: BusBody<Kind>): string {
    const { host, sessionId, name } = this.options;
    return host.bus.send({ kind, sessionId, from: name, to, body, epoch: this.floor.epoch });
  }

  /** A refusal of that message is the answer to that wait. */
  refusable(messageId: string, replyId: string): void {
    this.#refusable = { messageId, replyId };
  }

  /** Writes a handoff into the context before the new holder sees it; the result takes it back out. */
  recordHandoff({ callId, messages }: FloorRequest): () => void {
    const call = callId === null ? undefined : this.openCalls.get(callId);
    this.#closeTurn();
    this.settleCall(callId, '{"transferred":true}');
    for (const message of messages) this.context.append(message);
    return () => {
      const told = new Set(messages.map(({ id }) => id));
      if (callId !== null && call) this.openCalls.set(callId, call); // its tool reports the failure
      this.#closeTurn();
      if (told.size === 0) return;
      const kept = this.context.messages.filter(({ id }) => !told.has(id));
      this.context.apply({ type: 'replace', messages: kept });
    };
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeTurn();
    this.#unwatch?.();
    this.replies.rejectAll(new VoicebusError('session-ended', 'The session is over.'));
    this.#unsubscribe();
    await this.floor.release();
  }

  #receive({ message }: Delivery): void {
    switch (message.kind) {
      case 'prepared':
      case 'activated':
        this.replies.resolve(message.body.handoffId, message.body);
        return;
      case 'refused':
        this.#refused(message);
        return;
      case 'tool-ended':
        // A result is matched by its call, whoever holds the floor by now.
        this.#toolEnded(message);
        return;
      case 'state-update':
        this.state = { ...this.state, ...message.body.patch };
        return;
      case 'client-message':
        this.onClientMessage?.(message.body.name, message.body.payload);
        return;
      default:
        this.#floorAct(message);
    }
  }

  #refused({ body, source }: BusMessage<'refused'>): void {
    const error = new VoicebusError('handoff-refused', body.message);
    if (body.messageId === this.#refusable?.messageId)
      this.replies.reject(this.#refusable.replyId, error);
    // The holder's process lives, but the worker that held the floor does not.
    else if (this.floor.isHeldBy(source, this.floor.epoch) && !this.#isMoving)
      this.#takeOver(source);
  }

  /** Only what the holder does under the epoch that is now counts. */
  #floorAct(message: AnyBusMessage): void {
    if (!this.floor.isHeldBy(message.source, message.epoch)) {
      this.counters.fenced += 1;
      if (message.kind === 'handoff-request') {
        this.#answerHandoff(
          message,
          new VoicebusError('stale-epoch', 'You do not hold the floor any more.'),
        );
      }
      return;
    }
    switch (message.kind) {
      case 'response-start':
        if (this.#isOpen(message.body.turnId))
          this.#push('llm-response-start', { ...message.body, agent: message.source.worker });
        return;
      case 'response-text':
        if (this.#isOpen(message.body.turnId)) {
          this.#firstWord(message.source.worker);
          this.#push('llm-text', message.body);
        }
        return;
      case 'response-end':
        if (this.#isOpen(message.body.turnId)) this.#responseEnded(message.body);
        return;
      case 'tool-started': {
        const { turnId, call } = message.body;
        if (!this.#isOpen(turnId)) return;
        this.#firstWord(message.source.worker);
        this.openCalls.set(call.id, { turnId, name: call.name, agent: message.source.worker });
        this.events.emit('tool-start', {
          turnId,
          agent: message.source.worker,
          callId: call.id,
          name: call.name,
        });
        this.#push('tool-started', message.body);
        return;
      }
      case 'context-request':
        this.knows(message.source, this.context.version);
        this.send('context-snapshot', message.source, {
          turnId: message.body.turnId,
          context: this.context.snapshot(),
        });
        return;
      case 'handoff-request':
        this.#handoffRequested(message);
        return;
      case 'end-request':
        this.settleCall(message.body.callId, '{"ended":true}');
        this.#closeTurn();
        this.onEndRequested?.(message.body.detail);
        return;
      case 'custom-frame':
        this.onCustomFrame?.(message.body);
        return;
      default:
        this.counters.fenced += 1;
    }
  }

  #handoffRequested(message: BusMessage<'handoff-request'>): void {
    const { body, source } = message;
    const request: FloorRequest = {
      target: body.target,
      from: source,
      callId: body.callId,
      messages: body.messages,
      run: body.run,
      ...(body.reason === undefined ? {} : { reason: body.reason }),
      ...(body.metadata === undefined ? {} : { metadata: body.metadata }),
    };
    void this.giveFloor(request).then(
      () => this.#answerHandoff(message, undefined),
      (thrown: unknown) =>
        this.#answerHandoff(
          message,
          asVoicebusError(thrown, 'handoff-refused', 'The handoff failed'),
        ),
    );
  }

  #answerHandoff(
    { body, source }: BusMessage<'handoff-request'>,
    error: VoicebusError | undefined,
  ): void {
    if (this.#closed) return;
    const reason = error ? { code: error.code, message: error.message } : {};
    this.send('handoff-result', source, { requestId: body.requestId, ok: !error, ...reason });
  }

  /** Records the outcome of a tool call that the owner itself carried out. */
  settleCall(callId: string | null, content: string): void {
    const call = callId === null ? undefined : this.openCalls.get(callId);
    if (!call || callId === null) return;
    this.openCalls.delete(callId);
    this.#recordResult({
      ...call,
      callId,
      status: 'completed',
      content,
      durationMs: 0,
      run: false,
    });
  }

  #toolEnded({ body }: BusMessage<'tool-ended'>): void {
    const call = this.openCalls.get(body.callId);
    if (!call) return; // settled by the owner, or of another session's past
    this.openCalls.delete(body.callId);
    this.#recordResult({ ...body, agent: call.agent });
    if (body.run && !this.#turn && !this.userSpeaking) {
      const turnId = nextId('turn');
      this.events.emit('turn-started', { turnId, by: 'agent' });
      this.requestTurn(turnId);
    }
  }

  #recordResult(result: BusBody<'tool-ended'> & { readonly agent: string }): void {
    const { agent, ...body } = result;
    const { turnId, callId, name, status, durationMs } = body;
    this.events.emit('tool-end', { turnId, agent, callId, name, status, durationMs });
    this.#push('tool-ended', body);
  }

  #responseEnded(body: BusBody<'response-end'>): void {
    const agent = this.holder ?? '';
    const { inputTokens, outputTokens } = body;
    this.events.emit('llm-end', {
      turnId: body.turnId,
      agent,
      ...(inputTokens === undefined ? {} : { inputTokens }),
      ...(outputTokens === undefined ? {} : { outputTokens }),
    });
    this.#push('llm-response-end', body);
    if (body.reason === 'error') this.#noAnswer(body.turnId);
    else if (body.reason !== 'tool-calls') this.#closeTurn();
    else this.#firstWord(agent);
  }

  #firstWord(agent: string): void {
    if (!this.#turn || this.#turn.answered) return;
    this.#turn.answered = true;
    this.#turn.cancelDeadline();
    this.events.emit('llm-first-token', { turnId: this.#turn.turnId, agent });
  }

  #isOpen(turnId: string): boolean {
    if (this.#turn?.turnId === turnId) return true;
    this.counters.voided += 1;
    return false;
  }

  #noAnswer(turnId: string): void {
    if (this.#turn?.turnId !== turnId) return;
    this.interrupt();
    this.events.emit('problem', {
      turnId,
      component: this.holder ?? 'agent',
      code: 'no-answer',
      message: 'The agent did not answer.',
    });
    this.#push('tts-speak', {
      text: 'Sorry, I did not get an answer to that. Could you say it again?',
      appendToContext: true,
    });
  }

  #closeTurn(): OpenTurn | undefined {
    const turn = this.#turn;
    turn?.cancelDeadline();
    this.#turn = undefined;
    return turn;
  }

  #push<Kind extends Frame['kind']>(
    kind: Kind,
    fields: Parameters<typeof createFrame<Kind>>[1],
  ): void {
    this.options.push(createFrame(kind, fields) as Frame);
  }

  #watchHolder(): void {
    this.#unwatch?.();
    const { holder } = this.floor;
    if (!holder) return;
    const gone = ({ incarnation }: { incarnation: string }): void => {
      if (incarnation === this.floor.holder?.incarnation) this.#takeOver(holder);
    };
    this.#unwatch = this.options.host.registry.watch(holder.worker, { left: gone, lost: gone });
  }

  /** The holder is gone: another replica of it, or the fallback, goes on from what was heard. */
  #takeOver(gone: Address): void {
    this.#unwatch?.();
    if (this.#closed) return;
    const turn = this.#closeTurn();
    const candidates = [gone.worker, this.options.fallbackAgent].filter(
      (name) => name !== undefined,
    );
    const note: ContextMessage = {
      id: nextId('message'),
      role: 'developer',
      content:
        'The agent before you was cut off. Go on from what the caller heard; do not repeat it word for word.',
    };
    const attempt = async (): Promise<void> => {
      for (const target of candidates) {
        try {
          await this.giveFloor({
            target,
            from: null,
            callId: null,
            messages: [note],
            run: true,
            reason: 'takeover',
          });
          return;
        } catch (thrown) {
          this.options.host.report(`takeover by ${target}`, thrown);
        }
      }
      this.events.emit('problem', {
        ...(turn ? { turnId: turn.turnId } : {}),
        component: gone.worker,
        code: 'no-agent',
        message: 'No agent is there to go on with the call.',
      });
      this.#push('tts-speak', {
        text: 'One moment please, I am looking for a colleague.',
        appendToContext: false,
      });
    };
    void attempt();
  }
}
