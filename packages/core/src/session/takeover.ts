import type { Address } from '../bus/envelope.ts';
import { createFrame } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import type { FloorRequest } from './handoff.ts';
import type { SessionOwner } from './session-owner.ts';

/**
 * The holder is gone (or there never was one): another replica of it, or the fallback, goes on from what
 * the caller heard. While nobody can, the caller is told once, and whoever comes next takes the floor.
 */
export async function takeOver(owner: SessionOwner, gone: Address | null): Promise<void> {
  const turnId = owner.desk.close();
  const { fallbackAgent, host } = owner.options;
  const targets = [gone?.worker, fallbackAgent].filter((name) => name !== undefined);
  for (const target of targets) {
    try {
      await owner.giveFloor(requestFor(target, gone));
      return;
    } catch (thrown) {
      // Nobody is missed in a call that ended meanwhile.
      if (owner.isClosed) return;
      host.report(`takeover by ${target}`, thrown);
    }
  }
  if (!isStillVacant(owner, gone)) return;
  owner.awaitAgent(targets, gone);
  if (owner.floor.holder === null && gone !== null) return; // they were told when it was lost
  owner.events.emit('problem', {
    ...(turnId === null ? {} : { turnId }),
    component: gone?.worker ?? fallbackAgent ?? 'agent',
    code: 'no-agent',
    message: 'No agent is there to go on with the call.',
  });
  if (gone === null) return;
  try {
    await owner.floor.move(null);
  } catch (thrown) {
    host.report('giving up the floor of an agent that is gone', thrown);
    return;
  }
  const text = 'One moment please, I am looking for a colleague.';
  owner.push(createFrame('tts-speak', { text, appendToContext: false }));
}

function requestFor(target: string, gone: Address | null): FloorRequest {
  const messages = gone
    ? [{ id: nextId('message'), role: 'developer' as const, content: note }]
    : [];
  return {
    target,
    from: null,
    callId: null,
    messages,
    run: gone !== null,
    reason: gone ? 'takeover' : 'nobody answered',
  };
}

/** Somebody else may have been given the floor while nobody could be found. */
function isStillVacant({ floor }: SessionOwner, gone: Address | null): boolean {
  return floor.holder === null || floor.holder.incarnation === gone?.incarnation;
}

const note =
  'The agent before you was cut off. Go on from what the caller heard; do not repeat it word for word.';
