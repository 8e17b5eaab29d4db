import type { VoiceSession } from '@voicebus/client';
import { useEvents } from '@voicebus/client/react';
import { strings } from '@/strings';

/** The latest events of the call as they came, newest first. */
export function EventList({ session }: { session: VoiceSession }) {
  const events = useEvents(session);
  return (
    <section className="flex min-w-0 flex-col gap-2">
      <h3 className="font-semibold">{strings.drawer.events}</h3>
      {events.length === 0 ? (
        <p className="text-sm text-ink-soft">{strings.drawer.noEvents}</p>
      ) : (
        <ol className="flex flex-col gap-0.5 font-mono text-xs">
          {events
            .toReversed()
            .map(
              ({
                id,
                type,
                atMs,
                sequence: _sequence,
                wallMs: _wallMs,
                sessionId: _session,
                ...rest
              }) => (
                <li key={id} className="grid grid-cols-[4rem_1fr] gap-2 leading-6">
                  <span className="number text-ink-faint">{(atMs / 1000).toFixed(2)} s</span>
                  <details className="min-w-0">
                    <summary className="min-h-6 cursor-pointer leading-6">{type}</summary>
                    <pre className="mt-1 overflow-x-auto rounded-lg bg-sunken p-2 whitespace-pre-wrap">
                      {JSON.stringify(rest, null, 1)}
                    </pre>
                  </details>
                </li>
              ),
            )}
        </ol>
      )}
    </section>
  );
}
