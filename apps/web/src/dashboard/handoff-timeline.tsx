import type { Handoff, Handoffs } from '@voicebus/session-view';
import { agentLook, agentStyle } from '@/agents/agent-look';
import { AgentMark } from '@/agents/agent-mark';
import { duration } from '@/format';
import { strings } from '@/strings';

/** Each time the floor moved: who asked, when it was accepted, when the new agent was first heard. */
export function HandoffTimeline({ handoffs }: { handoffs: Handoffs }) {
  const words = strings.session;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lg font-semibold">{words.handoffs}</h2>
      {handoffs.length === 0 ? <p className="text-ink-soft">{words.noHandoffs}</p> : null}
      <ol aria-label={words.handoffs} className="flex flex-col gap-3">
        {handoffs.map((handoff) => (
          <HandoffItem key={handoff.id} handoff={handoff} />
        ))}
      </ol>
    </section>
  );
}

function HandoffItem({ handoff }: { handoff: Handoff }) {
  const words = strings.session;
  const to = agentLook(handoff.to).name;
  // Another process of the same role: nobody was handed over.
  const isTakeover = handoff.from === handoff.to;
  return (
    <li
      style={agentStyle(handoff.to)}
      className="rounded-card border border-line bg-surface px-4 py-3 shadow-card"
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        {isTakeover || handoff.from === null ? null : (
          <>
            <AgentMark agent={handoff.from} size="small" />
            <span className="font-medium">{agentLook(handoff.from).name}</span>
            <span aria-hidden className="text-ink-faint">
              →
            </span>
          </>
        )}
        <AgentMark agent={handoff.to} size="small" />
        <span className="font-medium">{to}</span>
        {handoff.from === null ? <span className="text-ink-soft">{words.first}</span> : null}
        {isTakeover ? <span className="text-ink-soft">{words.takeover}</span> : null}
        {handoff.gapMs === null ? null : (
          <span className="number ms-auto text-sm text-agent">
            {words.gap(duration(handoff.gapMs))}
          </span>
        )}
      </div>
      {handoff.reason === null ? null : (
        <p className="mt-1 text-sm text-ink-soft">
          {words.reasons[handoff.reason] ?? handoff.reason}
        </p>
      )}
      <ol className="number mt-2 flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-faint">
        {steps(handoff).map(([name, atMs, sinceMs]) => (
          <li key={name}>
            {name} <span className="text-ink">{(atMs / 1000).toFixed(2)} s</span>
            {sinceMs === null ? null : ` (+${duration(sinceMs)})`}
          </li>
        ))}
        {handoff.epoch === null ? null : <li>{words.epoch(handoff.epoch)}</li>}
      </ol>
      {handoff.failure === null ? null : (
        <p className="mt-2 text-sm text-bad">{handoff.failure.message}</p>
      )}
    </li>
  );
}

/** Name, time on the session's clock, and time since the request. */
function steps(handoff: Handoff): readonly (readonly [string, number, number | null])[] {
  const words = strings.session;
  const all = [
    [words.requested, handoff.requestedMs],
    [words.accepted, handoff.acceptedMs],
    [words.firstAudio, handoff.activeMs],
    [words.failed, handoff.failedMs],
  ] as const;
  return all.flatMap(([name, atMs]) => {
    if (atMs === null) return [];
    const since =
      handoff.requestedMs === null || atMs === handoff.requestedMs
        ? null
        : atMs - handoff.requestedMs;
    return [[name, atMs, since] as const];
  });
}
