import type { BusBody, BusKind, ContextMessage } from '@voicebus/protocol';
import type { Address, BusMessage } from '../bus/envelope.ts';
import type { Delivery } from '../bus/mailbox.ts';
import { PendingReplies, replyFrom } from '../bus/pending-replies.ts';
import type { LLMContext } from '../context/llm-context.ts';
import { VoicebusError } from '../errors/voicebus-error.ts';
import type { SessionEvents } from '../events/session-events.ts';
import { createFrame, type Frame } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import { EagerTurn } from './eager-turn.ts';
import { acceptFloorAct } from './floor-acts.ts';
import { Floor } from './floor.ts';
import { moveFloor, type FloorRequest } from './handoff.ts';
import { sessionEnded } from './session-ended.ts';
import type { SessionHost } from './session-host.ts';
import { keepState } from './session-state.ts';
import { takeOver } from './takeover.ts';
import { ToolLedger } from './tool-ledger.ts';
import { TurnDesk } from './turn-desk.ts';

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
  /** Default 15 s: more than any model that a caller waits for. */
  readonly responseTimeoutMs?: number;
}

/** How often somebody is looked for while nobody has the floor. */
const retryMs = 250;

/**
 * The only arbiter of a session: owns its context and its floor, asks the holder for turns, judges at
 * acceptance what claims to come from the holder, and moves the floor.
 */
export class SessionOwner {
  readonly options: SessionOwnerOptions;
  readonly context: LLMContext;
  readonly events: SessionEvents;
  readonly push: (frame: Frame) => void;
  readonly floor: Floor;
  readonly desk: TurnDesk;
  readonly tools: ToolLedger;
  readonly replies: PendingReplies;
  readonly eager = new EagerTurn(this);
  /** Floor acts that were refused: not from the holder now, or for a turn that is over. */
  readonly counters = { fenced: 0, voided: 0 };
  /** What agents asked to keep; it survives all of them. */
  state: Record<string, unknown> = {};
  /** Whoever acts under the new epoch has heard its activation, whether or not it said so yet. */
  activating: string | null = null;
  onEndRequested: ((detail: string | undefined) => void) | undefined;
  onClientMessage: ((name: string, payload: unknown) => void) | undefined;
  onCustomFrame: ((body: BusBody<'custom-frame'>) => void) | undefined;
  #isUserSpeaking = false;
  #isMoving = false;
  #isClosed = false;
  #moved: Promise<void> = Promise.resolve();
  #refusable: { readonly messageId: string; readonly replyId: string } | undefined;
  readonly #knownVersion = new Map<string, number>();
  readonly #unsubscribe: () => void;
  readonly #unwatch: () => void;
  #stopAwaiting: (() => void) | undefined;
  #watched: { readonly incarnation: string; readonly stop: () => void } | undefined;

  constructor(options: SessionOwnerOptions) {
    const { host, sessionId, name, bridge } = options;
    this.options = options;
    this.context = options.context;
    this.events = options.events;
    this.push = options.push;
    this.floor = new Floor(() => host.bus.membership.store, sessionId, bridge);
    this.tools = new ToolLedger(options.events, options.push);
    this.replies = new PendingReplies(host.clock);
    this.desk = new TurnDesk({
      clock: host.clock,
      responseTimeoutMs: options.responseTimeoutMs ?? 15_000,
      onNoAnswer: (turnId) => this.noAnswer(turnId),
    });
    this.#unwatch = host.registry.onChange(({ incarnation }, change) => {
      if (change === 'doubted') this.#runnerDoubted(incarnation);
      else if (change !== 'changed') this.#runnerGone(incarnation);
    });
    this.#unsubscribe = host.bus.subscribe(name, sessionId, {
      receive: (delivery) => this.#receive(delivery),
    });
  }

  /** Name of the agent that holds the floor. */
  get holder(): string | null {
    return this.floor.holder?.worker ?? null;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A turn of the model is due. Without a holder, or while the floor moves, it waits; the newest counts. */
  requestTurn(turnId: string): void {
    if (this.#isClosed) return;
    this.desk.held = null;
    if (this.desk.openTurnId) this.interrupt();
    const { holder } = this.floor;
    if (!holder || this.#isMoving) {
      this.desk.waiting = turnId;
      if (!this.#isMoving) this.#seekHolder();
      return;
    }
    this.desk.open(turnId);
    const changes = this.changesFor(holder);
    if (!changes) this.sendSnapshot(holder, turnId);
    else {
      const { version } = this.context;
      this.knows(holder, version);
      this.send('turn-request', holder, { turnId, version, ...changes });
    }
    this.events.emit('llm-request', { turnId, agent: holder.worker });
  }

  /** What the context has that this agent's mirror lacks; null where only the whole would do. */
  changesFor(agent: Address): Pick<BusBody<'turn-request'>, 'baseVersion' | 'operations'> | null {
    const baseVersion = this.#knownVersion.get(agent.incarnation);
    const operations = baseVersion === undefined ? null : this.context.operationsSince(baseVersion);
    if (baseVersion === undefined || operations === null) return null;
    return { baseVersion, operations: [...operations] };
  }

  /** Voids what is being generated, and says so to the holder on the urgent lane. */
  interrupt(): void {
    const turnId = this.desk.close();
    const { holder } = this.floor;
    if (!holder) return;
    const { host, sessionId } = this.options;
    const voidThrough = host.bus.orderedSequence(holder.incarnation, sessionId);
    this.send('interruption', holder, { turnId, voidThrough });
  }

  userSpeaks(isSpeaking: boolean): void {
    this.#isUserSpeaking = isSpeaking;
  }

  /** What the user was about to say came to nothing: a held-back activation speaks now. */
  userTurnDropped(): void {
    this.#isUserSpeaking = false;
    const turnId = this.desk.held;
    if (turnId) this.requestTurn(turnId);
  }

  /** Moves the floor, one request after the other. Rejects with the reason; the old holder keeps it then. */
  giveFloor(request: FloorRequest): Promise<void> {
    return this.#moveNext(async () => {
      if (this.#isClosed) throw sessionEnded();
      await moveFloor(this, request);
      this.#settleHolder();
    });
  }

  /** That agent speaks no more. Nobody has the floor then, until it is given away or the user speaks. */
  takeFloorFrom(agent: string): Promise<void> {
    return this.#moveNext(async () => {
      const { holder } = this.floor;
      if (this.#isClosed || holder?.worker !== agent) return;
      this.desk.close();
      await this.floor.move(null);
      this.send('deactivate', holder, { reason: 'the floor was taken from it' });
    });
  }

  /** The turn that an activation answers at once; null when the user has the word. */
  openActivationTurn(): string | null {
    if (this.desk.waiting) return null; // the user's own turn is answered instead
    const turnId = nextId('turn');
    this.events.emit('turn-started', { turnId, by: 'agent' });
    if (this.#isUserSpeaking) {
      this.desk.held = turnId;
      return null;
    }
    this.desk.open(turnId);
    return turnId;
  }

  /** Writes a handoff into the context before the new holder sees it; the result takes it back out. */
  recordHandoff({ callId, messages }: FloorRequest): () => void {
    const turnId = this.desk.close();
    const reopen = this.tools.settle(callId, '{"transferred":true}');
    this.#tell(messages);
    return () => {
      this.desk.close();
      // The tool that asked reports the failure itself, and its turn goes on.
      reopen();
      if (turnId) this.desk.open(turnId);
      const told = new Set(messages.map(({ id }) => id));
      if (told.size === 0) return;
      const kept = this.context.messages.filter(({ id }) => !told.has(id));
      this.context.apply({ type: 'replace', messages: kept });
    };
  }

  /** What an agent is told stands before the words of the user's that wait for its answer. */
  #tell(messages: readonly ContextMessage[]): void {
    const all = this.context.messages;
    const start = this.desk.waiting
      ? all.findLastIndex(({ role }) => role !== 'user') + 1
      : all.length;
    if (start === all.length) for (const message of messages) this.context.append(message);
    else {
      const reordered = [...all.slice(0, start), ...messages, ...all.slice(start)];
      this.context.apply({ type: 'replace', messages: reordered });
    }
  }

  send<Kind extends BusKind>(kind: Kind, to: Address, body: BusBody<Kind>): string {
    const { host, sessionId, name } = this.options;
    return host.bus.send({ kind, sessionId, from: name, to, body, epoch: this.floor.epoch });
  }

  /** The whole context, with the turn that is due on it. */
  sendSnapshot(to: Address, turnId: string): void {
    this.knows(to, this.context.version);
    this.send('context-snapshot', to, { turnId, context: this.context.snapshot() });
  }

  /** That agent's mirror has the context up to this version. */
  knows(agent: Address, version: number): void {
    this.#knownVersion.set(agent.incarnation, version);
  }

  /** A refusal of that message is the answer to that wait. */
  refusable(messageId: string, replyId: string): void {
    this.#refusable = { messageId, replyId };
  }

  firstWord(agent: string): void {
    const turnId = this.desk.openTurnId;
    if (turnId && this.desk.answered()) this.events.emit('llm-first-token', { turnId, agent });
  }

  /** The agent failed, or said nothing in time: the caller is told. */
  noAnswer(turnId: string): void {
    if (this.desk.openTurnId !== turnId) return;
    this.interrupt();
    const component = this.holder ?? 'agent';
    this.events.emit('problem', {
      turnId,
      component,
      code: 'no-answer',
      message: 'The agent did not answer.',
    });
    const text = 'Sorry, I did not get an answer to that. Could you say it again?';
    this.push(createFrame('tts-speak', { text, appendToContext: true }));
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.desk.shut();
    this.#unwatch();
    this.#watched?.stop();
    this.#settleHolder();
    this.replies.rejectAll(sessionEnded());
    this.#unsubscribe();
    await this.floor.release();
  }

  /** After the moves that were asked for before. Turns that are due meanwhile go to whoever has the floor then. */
  #moveNext(move: () => Promise<void>): Promise<void> {
    const moved = this.#moved.then(async () => {
      this.#isMoving = true;
      try {
        await move();
      } finally {
        this.#isMoving = false;
        this.#watchHolder();
        const waiting = this.desk.takeWaiting();
        if (waiting) this.requestTurn(waiting);
      }
    });
    this.#moved = moved.catch(() => {});
    return moved;
  }

  #receive({ message }: Delivery): void {
    switch (message.kind) {
      case 'prepared':
      case 'activated':
        this.replies.resolve(replyFrom(message.source, message.body.handoffId), message.body);
        return;
      case 'refused':
        this.#refused(message);
        return;
      case 'tool-ended':
        if (this.tools.ended(message.body) && message.body.run) this.#tellLateResult(message.body);
        return;
      case 'state-update':
      case 'client-message':
        // Also from one that gave the floor up since: its tools may go on in the background.
        if (!this.#knownVersion.has(message.source.incarnation)) this.counters.fenced += 1;
        else if (message.kind === 'state-update') keepState(this, message);
        else this.onClientMessage?.(message.body.name, message.body.payload);
        return;
      default:
        acceptFloorAct(this, message);
    }
  }

  /** A result that came after its turn is told in a turn of its own, or with the one that is under way next. */
  #tellLateResult({ name, content }: BusBody<'tool-ended'>): void {
    const text = `The result of ${name}, which went on in the background, is there: ${content}`;
    this.context.append({ id: nextId('message'), role: 'developer', content: text });
    if (this.desk.openTurnId || this.#isUserSpeaking) return;
    const turnId = nextId('turn');
    this.events.emit('turn-started', { turnId, by: 'agent' });
    this.requestTurn(turnId);
  }

  #refused({ body, source }: BusMessage<'refused'>): void {
    if (body.messageId === this.#refusable?.messageId) {
      this.replies.reject(this.#refusable.replyId, refusal(body));
    } else if (this.floor.isHeldBy(source, this.floor.epoch) && !this.#isMoving) {
      // The holder's process lives, but the worker that held the floor does not.
      this.#takeOver(source);
    }
  }

  /** Nobody could take the floor: whoever of these names is there next does. */
  awaitAgent(names: readonly string[], gone: Address | null): void {
    const { clock, registry } = this.options.host;
    this.#stopAwaiting?.();
    this.#stopAwaiting = clock.after(retryMs, () => {
      this.#stopAwaiting = undefined;
      if (this.#isClosed || this.floor.holder !== null) return;
      if (names.some((name) => registry.has(name, this.options.sessionId))) this.#takeOver(gone);
      else this.awaitAgent(names, gone);
    });
  }

  #settleHolder(): void {
    this.#stopAwaiting?.();
    this.#stopAwaiting = undefined;
  }

  /** The user speaks and nobody listens: the fallback is asked, again and again until somebody comes. */
  #seekHolder(): void {
    if (this.options.fallbackAgent === undefined || this.#stopAwaiting) return;
    this.awaitAgent([this.options.fallbackAgent], null);
  }

  #runnerGone(incarnation: string): void {
    this.tools.abandon(incarnation);
    this.#knownVersion.delete(incarnation);
    const { holder } = this.floor;
    if (holder?.incarnation === incarnation) this.#takeOver(holder);
  }

  /** Its lease still stands. It is replaced at once where that costs nothing but a replacement. */
  #runnerDoubted(incarnation: string): void {
    const { holder } = this.floor;
    if (this.#isMoving || this.#isClosed || holder?.incarnation !== incarnation) return;
    const { registry } = this.options.host;
    if (registry.hasTrusted(holder.worker, this.options.sessionId)) this.#runnerGone(incarnation);
  }

  /** Whoever holds the floor is missed within milliseconds, not within a lease. */
  #watchHolder(): void {
    const incarnation = this.floor.holder?.incarnation;
    if (this.#isClosed || incarnation === this.#watched?.incarnation) return;
    this.#watched?.stop();
    this.#watched =
      incarnation === undefined
        ? undefined
        : { incarnation, stop: this.options.host.bus.watch(incarnation) };
  }

  #takeOver(gone: Address | null): void {
    this.#settleHolder();
    if (!this.#isClosed) void takeOver(this, gone);
  }
}

/** Another replica may have room: these say so. */
function refusal({ code, message }: BusBody<'refused'>): VoicebusError {
  const kept = code === 'queue-full' || code === 'closed' ? code : 'handoff-refused';
  return new VoicebusError(kept, message);
}
