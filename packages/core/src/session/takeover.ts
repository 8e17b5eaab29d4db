import type { Address } from '../bus/envelope.ts';
import { createFrame } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import type { SessionOwner } from './session-owner.ts';

/** The holder is gone: another replica of it, or the fallback, goes on from what the caller heard. */
export async function takeOver(owner: SessionOwner, gone: Address): Promise<void> {
  const turnId = owner.desk.close();
  const { fallbackAgent, host } = owner.options;
  const targets = [gone.worker, fallbackAgent].filter((name) => name !== undefined);
  for (const target of targets) {
    try {
      await owner.giveFloor({
        target,
        from: null,
        callId: null,
        messages: [{ id: nextId('message'), role: 'developer', content: note }],
        run: true,
        reason: 'takeover',
      });
      return;
    } catch (thrown) {
      host.report(`takeover by ${target}`, thrown);
    }
  }
  if (owner.isClosed) return;
  owner.events.emit('problem', {
    ...(turnId === null ? {} : { turnId }),
    component: gone.worker,
    code: 'no-agent',
    message: 'No agent is there to go on with the call.',
  });
  const text = 'One moment please, I am looking for a colleague.';
  owner.push(createFrame('tts-speak', { text, appendToContext: false }));
}

const note =
  'The agent before you was cut off. Go on from what the caller heard; do not repeat it word for word.';
