import type { BusBody } from '@voicebus/protocol';
import type { AnyBusMessage, BusMessage } from '../bus/envelope.ts';
import { asVoicebusError, VoicebusError } from '../errors/voicebus-error.ts';
import { createFrame } from '../frames/frame.ts';
import type { SessionOwner } from './session-owner.ts';

/**
 * Judges what claims to come from the holder, at acceptance: under an old epoch, from somebody else, or
 * for a turn that is over, it is dropped and counted. What was accepted stays valid and is played out.
 */
export function acceptFloorAct(owner: SessionOwner, message: AnyBusMessage): void {
  const { floor, desk, counters } = owner;
  if (!floor.isHeldBy(message.source, message.epoch)) {
    counters.fenced += 1;
    if (message.kind === 'handoff-request') {
      answerHandoff(owner, message, new VoicebusError('stale-epoch', 'You do not hold the floor.'));
    }
    return;
  }
  const agent = message.source.worker;
  if (owner.activating) owner.replies.resolve(owner.activating, {});
  switch (message.kind) {
    case 'response-start':
      if (!isOpen(owner, message.body)) return;
      owner.eager.answered(message.body.aheadMs);
      owner.push(createFrame('llm-response-start', { ...message.body, agent }));
      return;
    case 'response-text':
      if (!isOpen(owner, message.body)) return;
      owner.firstWord(agent);
      owner.push(createFrame('llm-text', message.body));
      return;
    case 'response-end':
      if (isOpen(owner, message.body)) responseEnded(owner, agent, message.body);
      return;
    case 'tool-started':
      if (!isOpen(owner, message.body)) return;
      owner.firstWord(agent);
      owner.tools.started(message.source, message.body);
      return;
    case 'context-request':
      owner.sendSnapshot(message.source, message.body.turnId);
      return;
    case 'handoff-request':
      handoffRequested(owner, message);
      return;
    case 'end-request':
      owner.tools.settle(message.body.callId, '{"ended":true}');
      desk.close();
      owner.onEndRequested?.(message.body.detail);
      return;
    case 'custom-frame':
      owner.onCustomFrame?.(message.body);
      return;
    default:
      // Nothing that a holder has to say to its owner.
      counters.fenced += 1;
  }
}

function isOpen(owner: SessionOwner, { turnId }: { readonly turnId: string }): boolean {
  if (owner.desk.openTurnId === turnId) return true;
  owner.counters.voided += 1;
  return false;
}

function responseEnded(owner: SessionOwner, agent: string, body: BusBody<'response-end'>): void {
  const { turnId, inputTokens, outputTokens, provider, model, reason } = body;
  owner.events.emit('llm-end', {
    turnId,
    agent,
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(provider === undefined ? {} : { provider }),
    ...(model === undefined ? {} : { model }),
  });
  owner.push(createFrame('llm-response-end', body));
  if (reason === 'error') owner.noAnswer(turnId);
  else if (reason === 'tool-calls') owner.firstWord(agent);
  else owner.desk.close();
}

function handoffRequested(owner: SessionOwner, message: BusMessage<'handoff-request'>): void {
  const { target, callId, messages, run, reason, metadata } = message.body;
  const moved = owner.giveFloor({
    target,
    from: message.source,
    callId,
    messages,
    run,
    ...(reason === undefined ? {} : { reason }),
    ...(metadata === undefined ? {} : { metadata }),
  });
  void moved.then(
    () => answerHandoff(owner, message, null),
    (thrown: unknown) =>
      answerHandoff(
        owner,
        message,
        asVoicebusError(thrown, 'handoff-refused', 'The handoff failed'),
      ),
  );
}

function answerHandoff(
  owner: SessionOwner,
  { body, source }: BusMessage<'handoff-request'>,
  error: VoicebusError | null,
): void {
  if (owner.isClosed) return;
  const why = error ? { code: error.code, message: error.message } : {};
  owner.send('handoff-result', source, { requestId: body.requestId, ok: !error, ...why });
}
