import type { WorkerRunner } from '@voicebus/core';
import type { SessionEvent } from '@voicebus/protocol';

/**
 * The events of the calls that this process owns, of all that the channel tells: so that what several
 * transport agents count can be added up. The returned function stops them.
 */
export function watchOwnCalls(
  runner: WorkerRunner,
  listener: (event: SessionEvent) => void,
): () => void {
  const own = new Set<string>();
  return runner.bus.membership.events.subscribe((event) => {
    const { sessionId } = event;
    if (event.type === 'session-started' && event.owner === runner.name) own.add(sessionId);
    if (!own.has(sessionId)) return;
    listener(event);
    if (event.type === 'session-ended') own.delete(sessionId);
  });
}
