import { limits } from '@voicebus/protocol';
import type { BusMessage } from '../bus/envelope.ts';
import type { SessionOwner } from './session-owner.ts';

/** Keeps what an agent asked to keep, up to a bound; whoever has the floor next is given all of it. */
export function keepState(owner: SessionOwner, { body, source }: BusMessage<'state-update'>): void {
  const state = { ...owner.state, ...body.patch };
  const bytes = Buffer.byteLength(JSON.stringify(state));
  if (bytes <= limits.sessionStateBytes) {
    owner.state = state;
    return;
  }
  owner.events.emit('problem', {
    component: source.worker,
    code: 'too-large',
    message: `The session's state would be ${bytes} bytes; at most ${limits.sessionStateBytes} are kept.`,
  });
}
