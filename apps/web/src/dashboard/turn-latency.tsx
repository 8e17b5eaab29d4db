import {
  type SessionDetail,
  waterfall,
  type WaterfallBar,
  type WaterfallPart,
  waterfallParts,
  type WaterfallRow,
} from '@voicebus/session-view';
import { agentLook } from '@/agents/agent-look';
import { duration } from '@/format';
import { strings } from '@/strings';

/** One waterfall per answered turn, all on one scale; every number stands in words too. */
export function TurnLatency({ detail }: { detail: SessionDetail }) {
  const words = strings.session;
  const rows = waterfall(detail);
  const longestMs = Math.max(0, ...rows.map((row) => row.totalMs));
  const present = new Set(rows.flatMap((row) => row.bars.map((bar) => bar.part)));
  return (
    <figure aria-label={words.turnLatency} className="flex flex-col gap-3">
      <figcaption>
        <h2 className="text-lg font-semibold">{words.turnLatency}</h2>
        <p className="text-sm text-ink-faint">
          {rows.length === 0 ? words.noLatency : words.latencyNote}
        </p>
      </figcaption>
      {rows.length === 0 ? null : (
        <>
          <ol className="flex flex-col gap-4 rounded-card border border-line bg-surface p-4 shadow-card">
            {rows.map((row, index) => (
              <Row key={row.turnId} row={row} number={index + 1} longestMs={longestMs} />
            ))}
          </ol>
          <ul aria-hidden className="flex flex-wrap gap-x-4 gap-y-1.5 text-sm text-ink-soft">
            {waterfallParts
              .filter((part) => present.has(part))
              .map((part) => (
                <li key={part} className="flex items-center gap-1.5">
                  <span className={`size-3 rounded-[3px] ${pattern(part)}`} style={colour(part)} />
                  {words.parts[part]}
                </li>
              ))}
          </ul>
        </>
      )}
    </figure>
  );
}

function Row(props: { row: WaterfallRow; number: number; longestMs: number }) {
  const words = strings.session;
  const { row, longestMs } = props;
  return (
    <li className="flex flex-col gap-1.5">
      <p className="number flex flex-wrap items-baseline gap-x-2 text-sm">
        <span className="text-ink-faint">
          {words.turn} {props.number}
        </span>
        {row.agent === null ? null : <span>{agentLook(row.agent).name}</span>}
        {row.interrupted ? (
          <span className="text-ink-faint">{strings.transcript.interrupted}</span>
        ) : null}
        <span className="ms-auto font-medium">{duration(row.totalMs)}</span>
        <span className="text-xs text-ink-faint">
          {row.measuredAtEar ? words.atEar : words.onServer}
          {row.uncertaintyMs === null ? '' : ` ± ${row.uncertaintyMs.toFixed(0)} ms`}
        </span>
      </p>
      <div
        aria-hidden
        className="flex h-6 gap-px overflow-hidden rounded-md"
        style={{ width: `${(row.totalMs / longestMs) * 100}%` }}
      >
        {row.bars.map((bar) => (
          <span
            key={`${bar.part}/${bar.startMs}`}
            title={barText(bar)}
            className={`min-w-[2px] ${pattern(bar.part)}`}
            style={{ ...colour(bar.part), flex: `${bar.endMs - bar.startMs} 1 0` }}
          />
        ))}
      </div>
      <ul className="number flex flex-wrap gap-x-3 text-xs text-ink-faint">
        {row.bars.map((bar) => (
          <li key={`${bar.part}/${bar.startMs}`}>{barText(bar)}</li>
        ))}
      </ul>
    </li>
  );
}

function barText(bar: WaterfallBar): string {
  return `${strings.session.parts[bar.part]} ${duration(bar.endMs - bar.startMs)}`;
}

function colour(part: WaterfallPart): { backgroundColor: string } {
  return { backgroundColor: `var(--bar-${part})` };
}

/** What nothing explains is hatched, so that it stands out without colour. */
function pattern(part: WaterfallPart): string {
  return part === 'unaccounted'
    ? 'bg-[repeating-linear-gradient(45deg,transparent_0_4px,var(--line-strong)_4px_5px)]'
    : '';
}
