import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import { useTalk } from '@voicebus/client/react';
import { median, type TalkView } from '@voicebus/session-view';
import { Copy, Download, Mic } from 'lucide-react';
import { useState } from 'react';
import { clock, duration } from '@/format';
import { strings } from '@/strings';
import { transcriptFile, transcriptText } from '@/transcript/transcript-text';
import { Button } from '@/ui/button';

/** The end of a call: why, how long, how many turns, how fast, and what was said to take along. */
export function CallSummary({
  session,
  snapshot,
}: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
}) {
  const view = useTalk(session);
  const [copied, setCopied] = useState(false);
  const { connection } = snapshot;
  const words = strings.summary;
  const lengthMs = snapshot.callMs ?? view.lastAtMs;
  const turns = new Set(
    view.transcript.flatMap((line) => (line.kind === 'user' && line.final ? line.turnId : [])),
  ).size;
  const medianMs = median(snapshot.responses.map(({ ms }) => ms));
  const copy = () =>
    navigator.clipboard.writeText(transcriptText(view.transcript)).then(() => setCopied(true));
  return (
    <section
      aria-label={words.title}
      className="arrive flex flex-col gap-4 rounded-[1.5rem] border border-line bg-surface p-5 shadow-card"
    >
      <h2 className="text-lg font-semibold">
        {connection.kind === 'ended' ? strings.ended[connection.reason] : words.until}
      </h2>
      <dl className="number grid grid-cols-3 gap-4 text-sm [&_dd]:text-lg [&_dt]:text-ink-faint">
        <div>
          <dt>{words.length}</dt>
          <dd>{clock(lengthMs)}</dd>
        </div>
        <div>
          <dt>{words.turns}</dt>
          <dd>{turns}</dd>
        </div>
        <div>
          <dt>{words.median}</dt>
          <dd>{medianMs === null ? words.none : duration(medianMs)}</dd>
        </div>
      </dl>
      <div className="flex flex-wrap gap-2">
        <Button kind="solid" onClick={() => void session.connect({ audio: !snapshot.textOnly })}>
          <Mic aria-hidden className="size-4.5" />
          {snapshot.textOnly ? words.again : strings.talk.start}
        </Button>
        <Button onClick={() => void session.connect({ audio: false })}>
          {strings.talk.typeInstead}
        </Button>
      </div>
      {view.transcript.length > 0 ? (
        <div className="-mx-3 -mt-2 flex flex-wrap">
          <Button kind="quiet" shape="small" onClick={() => void copy().catch(reportError)}>
            <Copy aria-hidden className="size-4.5" />
            {copied ? strings.transcript.copied : strings.transcript.copy}
          </Button>
          <Button kind="quiet" shape="small" onClick={() => download(view, lengthMs)}>
            <Download aria-hidden className="size-4.5" />
            {strings.transcript.download}
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function download(view: TalkView, lengthMs: number): void {
  const { startedAtWallMs } = view;
  const { name, text } = transcriptFile(view.transcript, { startedAtWallMs, lengthMs });
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
