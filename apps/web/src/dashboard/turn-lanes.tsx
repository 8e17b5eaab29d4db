import {
  type LaneName,
  laneNames,
  type LaneSpan,
  type SessionDetail,
} from '@voicebus/session-view';
import { agentLook, agentStyle } from '@/agents/agent-look';
import { clock } from '@/format';
import { strings } from '@/strings';
import { useNow } from '@/use-now';

/** A call of a minute fills the picture; a longer one is scrolled inside its own box. */
const msPerScreen = 60_000;

/** Three lanes on one clock: what was heard, what was ruled to be a turn, and the bot. */
export function TurnLanes({ detail }: { detail: SessionDetail }) {
  const words = strings.session;
  const { lanes, talk, endedAtWallMs } = detail;
  const live = endedAtWallMs === null;
  const nowMs = useNow(live ? 1000 : null);
  const startedMs = talk.startedAtWallMs;
  const untilNowMs = live && startedMs !== null ? nowMs - startedMs : 0;
  const totalMs = Math.max(talk.lastAtMs, untilNowMs, 1);
  const empty = laneNames.every((lane) => lanes[lane].length === 0);
  return (
    <figure aria-label={words.lanes} className="flex flex-col gap-3">
      <figcaption>
        <h2 className="text-lg font-semibold">{words.lanes}</h2>
        <p className="text-sm text-ink-faint">{empty ? words.noLanes : words.lanesNote}</p>
      </figcaption>
      {empty ? null : (
        <div className="flex gap-3 rounded-card border border-line bg-surface p-4 shadow-card">
          <div aria-hidden className="flex flex-col gap-2 text-sm text-ink-faint">
            {laneNames.map((lane) => (
              <span key={lane} className="flex h-6 items-center">
                {words.laneNames[lane]}
              </span>
            ))}
          </div>
          {/* Without a control inside, only so can the keyboard scroll it. */}
          <div
            tabIndex={0}
            role="group"
            aria-label={words.lanes}
            className="min-w-0 flex-1 overflow-x-auto"
          >
            <div
              className="flex min-w-full flex-col gap-2"
              style={{ width: `${(Math.max(totalMs, msPerScreen) / msPerScreen) * 100}%` }}
            >
              {laneNames.map((lane) => (
                <Lane
                  key={lane}
                  lane={lane}
                  spans={lanes[lane]}
                  totalMs={Math.max(totalMs, msPerScreen / 4)}
                />
              ))}
              <Scale totalMs={Math.max(totalMs, msPerScreen / 4)} />
            </div>
          </div>
        </div>
      )}
    </figure>
  );
}

function Lane(props: { lane: LaneName; spans: readonly LaneSpan[]; totalMs: number }) {
  const { lane, spans, totalMs } = props;
  return (
    <ol aria-label={strings.session.laneNames[lane]} className="relative h-6 rounded-md bg-sunken">
      {spans.map((span) => {
        const endMs = span.endMs ?? totalMs;
        return (
          <li
            key={span.startMs}
            title={spanText(lane, span)}
            style={{
              ...agentStyle(span.agent),
              left: `${(span.startMs / totalMs) * 100}%`,
              width: `max(3px, ${((endMs - span.startMs) / totalMs) * 100}%)`,
            }}
            className={`absolute inset-y-0 rounded-[4px] ${looks[lane]} ${span.interrupted ? 'rounded-r-none border-r-2 border-dashed border-paper' : ''}`}
          >
            <span className="sr-only">{spanText(lane, span)}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** Filled, outlined and in the agent's colour: told apart without seeing colours, too. */
const looks: Readonly<Record<LaneName, string>> = {
  heard: 'bg-line-strong',
  ruled: 'border-[1.5px] border-ink bg-surface',
  bot: 'bg-agent',
};

function spanText(lane: LaneName, span: LaneSpan): string {
  const words = strings.session;
  const who = span.agent === null ? words.laneNames[lane] : agentLook(span.agent).name;
  const cut = span.interrupted ? `, ${strings.transcript.interrupted}` : '';
  return (
    words.span(who, seconds(span.startMs), span.endMs === null ? '…' : seconds(span.endMs)) + cut
  );
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

const ticks = [0, 0.25, 0.5, 0.75, 1];

function Scale({ totalMs }: { totalMs: number }) {
  return (
    <p aria-hidden className="number flex justify-between text-xs text-ink-faint">
      {ticks.map((share) => (
        <span key={share}>{clock(totalMs * share)}</span>
      ))}
    </p>
  );
}
