import type { Transcript as Lines } from '@voicebus/session-view';
import { strings } from '@/strings';
import { TranscriptRow } from './transcript-row';

/**
 * What was said, by whom, and what was done meanwhile. The log announces a row when it is final: rows
 * that still change are switched off for screen readers one by one.
 */
export function Transcript({ lines, empty }: { lines: Lines; empty: string }) {
  return (
    <div role="log" aria-label={strings.talk.transcript} aria-relevant="additions text">
      <ol className="flex flex-col gap-5">
        {lines.map((line) => (
          <TranscriptRow key={`${line.kind}/${line.id}`} line={line} />
        ))}
      </ol>
      {lines.length === 0 ? <p className="py-6 text-center text-ink-faint">{empty}</p> : null}
    </div>
  );
}
