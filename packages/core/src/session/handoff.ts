import type { BusBody, ContextMessage } from '@voicebus/protocol';
import type { Address } from '../bus/envelope.ts';
import { replyFrom } from '../bus/pending-replies.ts';
import { asVoicebusError, VoicebusError } from '../errors/voicebus-error.ts';
import { createFrame } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import { noSuchWorker } from '../registry/no-such-worker.ts';
import { sessionEnded } from './session-ended.ts';
import type { SessionOwner } from './session-owner.ts';

export interface FloorRequest {
  /** Name of the agent that is to take the floor. */
  readonly target: string;
  /** The holder that gives it up; null when the owner itself moves it. */
  readonly from: Address | null;
  /** The tool call that asked for it. */
  readonly callId: string | null;
  /** What the new holder is told, usually the reason as a developer message. */
  readonly messages: readonly ContextMessage[];
  /** Speak at once. */
  readonly run: boolean;
  readonly reason?: string;
  readonly metadata?: Record<string, unknown>;
}

/** A target that is just starting gets this long to announce itself. */
const resolveTimeoutMs = 600;
/** Opening a worker is a function call and one hop; with every deadline on the way the old holder is back in 1.5 s. */
const prepareTimeoutMs = 350;
/** While nobody has the floor there is nobody to give it back to: a slow agent is better than none. */
const firstPrepareTimeoutMs = 1_000;
const activateTimeoutMs = 350;
/** Of a long conversation, a busy process reads and checks so much in a millisecond: 1 MB gets 0.6 s. */
const charactersPerMs = 4_000;
/** A replica that is silent may be dead and not yet known to be: then another one is asked, once. */
const silentReplicas = 2;
/**
 * Who is full or drains says so: it alone counts its slots, so two owners never share the last one. The
 * others are asked, one after the other.
 */
const takesNoMore = ['queue-full', 'closed'];

/**
 * The two phases of a handoff: prepare the target, move the epoch, activate, tell the old holder. On a
 * refusal or silence in either phase the old holder has the floor, and the promise rejects with why.
 */
export async function moveFloor(owner: SessionOwner, request: FloorRequest): Promise<void> {
  const handoffId = nextId('handoff');
  const before = owner.floor.holder;
  const names = { handoffId, to: request.target, ...(before ? { from: before.worker } : {}) };
  owner.events.emit('handoff-requested', {
    ...names,
    ...(request.reason ? { reason: request.reason } : {}),
  });
  try {
    if (request.from && !owner.floor.isHeldBy(request.from, owner.floor.epoch)) {
      throw new VoicebusError(
        'stale-epoch',
        `${request.from.worker} does not hold the floor any more.`,
      );
    }
    const { address, prepared } = await prepare(owner, request, handoffId);
    await owner.floor.move(address);
    // The caller hung up meanwhile: whoever was given the floor is told of the end and of nothing else.
    if (owner.isClosed) {
      await owner.floor.release();
      throw sessionEnded();
    }
    owner.events.emit('handoff-accepted', { ...names, epoch: owner.floor.epoch });
    await activate(owner, { request, handoffId, address, prepared, before });
  } catch (thrown) {
    const error = asVoicebusError(
      thrown,
      'handoff-refused',
      `The handoff to ${request.target} failed`,
    );
    if (!owner.isClosed)
      owner.events.emit('handoff-failed', { ...names, code: error.code, message: error.message });
    throw error;
  }
}

interface Prepared {
  readonly address: Address;
  readonly prepared: BusBody<'prepared'>;
}

async function prepare(
  owner: SessionOwner,
  request: FloorRequest,
  handoffId: string,
): Promise<Prepared> {
  const { registry } = owner.options.host;
  const declined = new Map<string, VoicebusError>();
  let silent = 0;
  for (let attempt = 1; ; attempt += 1) {
    const address = await locate(owner, request.target, attempt === 1 ? resolveTimeoutMs : 0);
    const before = declined.get(address.incarnation);
    if (before) throw before; // nobody else is left
    // Nobody is called into a session that is over: nobody would ever tell them to leave it.
    if (owner.isClosed) throw sessionEnded();
    try {
      const prepared = await askToPrepare(owner, address, `${handoffId}/${attempt}`);
      if (prepared.ok) return { address, prepared };
      throw new VoicebusError(
        'handoff-refused',
        prepared.message ?? `${request.target} refused the floor.`,
      );
    } catch (thrown) {
      if (!(thrown instanceof VoicebusError)) throw thrown;
      if (thrown.code === 'deadline') {
        silent += 1;
        if (silent === silentReplicas) throw thrown;
        registry.suspect(address.incarnation);
      } else if (takesNoMore.includes(thrown.code)) {
        declined.set(address.incarnation, thrown);
        registry.declined(address.incarnation, request.target, owner.options.sessionId);
      } else throw thrown;
    }
  }
}

async function locate(
  { options }: SessionOwner,
  target: string,
  timeoutMs: number,
): Promise<Address> {
  const location = await options.host.registry.resolve(target, options.sessionId, timeoutMs);
  if (!location) throw noSuchWorker(target);
  if (location.bridged) return { incarnation: location.incarnation, worker: location.name };
  throw new VoicebusError(
    'handoff-refused',
    `${target} is no agent that can speak in this session.`,
  );
}

function askToPrepare(
  owner: SessionOwner,
  address: Address,
  handoffId: string,
): Promise<BusBody<'prepared'>> {
  const replyId = replyFrom(address, handoffId);
  const limitMs = owner.floor.holder ? prepareTimeoutMs : firstPrepareTimeoutMs;
  const reply = owner.replies.wait<BusBody<'prepared'>>(replyId, limitMs, address.worker);
  const messageId = owner.send('prepare', address, { handoffId, bridge: owner.options.bridge });
  owner.refusable(messageId, replyId);
  return reply;
}

interface Activation {
  readonly request: FloorRequest;
  readonly handoffId: string;
  readonly address: Address;
  readonly prepared: BusBody<'prepared'>;
  readonly before: Address | null;
}

async function activate(owner: SessionOwner, activation: Activation): Promise<void> {
  const { request, handoffId, address, prepared, before } = activation;
  const isSelf = before?.incarnation === address.incarnation && before.worker === address.worker;
  const undo = owner.recordHandoff(request);
  const changed = (agent: string, voice: string, of: string | null): void =>
    owner.push(createFrame('agent-changed', { agent, voice, handoffId: of }));
  if (before && isSelf) owner.send('deactivate', before, { reason: 'activated anew' });
  changed(address.worker, prepared.voice ?? '', handoffId);
  const runTurnId = request.run ? owner.openActivationTurn() : null;
  const context = owner.context.snapshot();
  owner.knows(address, context.version);
  const replyId = replyFrom(address, handoffId);
  const characters = context.messages.reduce((sum, { content }) => sum + content.length, 0);
  const limitMs = activateTimeoutMs + Math.round(characters / charactersPerMs);
  const reply = owner.replies.wait(replyId, limitMs, address.worker);
  owner.send('activate', address, {
    handoffId,
    traceId: handoffId,
    bridge: owner.options.bridge,
    context,
    runTurnId,
    state: owner.state,
    ...(request.metadata ? { metadata: request.metadata } : {}),
  });
  if (runTurnId) owner.events.emit('llm-request', { turnId: runTurnId, agent: address.worker });
  owner.activating = replyId;
  try {
    await reply;
  } catch (thrown) {
    // What the target may still send carries an epoch that is over.
    undo();
    await owner.floor.move(before);
    // No handoff to who had the floor all the time: this one failed, and stays so on every page.
    if (before) changed(before.worker, '', null);
    throw thrown;
  } finally {
    owner.activating = null;
  }
  if (before && !isSelf)
    owner.send('deactivate', before, { reason: `handed over to ${address.worker}` });
}
