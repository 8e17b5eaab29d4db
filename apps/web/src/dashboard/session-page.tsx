'use client';

import type { SessionDetail } from '@voicebus/session-view';
import { callerTurns, medianResponse } from '@voicebus/session-view';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { clock, duration, shortId } from '@/format';
import { strings } from '@/strings';
import { Transcript } from '@/transcript/transcript';
import { Notice } from '@/ui/notice';
import { useNow } from '@/use-now';
import { ConfirmedAction } from './confirmed-action';
import { DashboardHeader } from './dashboard-header';
import { sessionFeed } from './feeds';
import { Freshness } from './freshness';
import { HandoffTimeline } from './handoff-timeline';
import { TurnLanes } from './turn-lanes';
import { TurnLatency } from './turn-latency';
import { useLiveFeed } from './use-live-feed';

export function SessionPage({ sessionId }: { sessionId: string }) {
  const fold = useMemo(() => sessionFeed(sessionId), [sessionId]);
  const { view, feed, updatedWallMs } = useLiveFeed(fold);
  const words = strings.session;
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-6 px-4 pb-16 sm:px-6">
      <DashboardHeader title={`${words.title} ${shortId(sessionId)}`}>
        <Freshness feed={feed} updatedWallMs={updatedWallMs} beats={false} />
      </DashboardHeader>
      <nav aria-label={words.back}>
        <Link
          href="/dashboard"
          className="inline-flex min-h-11 items-center gap-2 rounded-lg text-sm text-ink-soft hover:text-ink"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {words.back}
        </Link>
      </nav>
      {view === null ? (
        feed.kind === 'unreachable' ? (
          <Notice tone="bad" alert title={words.unknown}>
            {words.unknownNext}
          </Notice>
        ) : null
      ) : (
        <Detail detail={view} sessionId={sessionId} />
      )}
    </div>
  );
}

function Detail({ detail, sessionId }: { detail: SessionDetail; sessionId: string }) {
  const words = strings.dashboard.actions;
  return (
    <main className="grid gap-10 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <div className="flex flex-col gap-10 lg:order-2">
        <Facts detail={detail} />
        {detail.endedAtWallMs === null ? (
          <div className="self-start">
            <ConfirmedAction
              label={words.end}
              target={words.thisSession}
              consequence={words.endConsequence}
              path={`/v1/sessions/${encodeURIComponent(sessionId)}/end`}
            />
          </div>
        ) : null}
        <HandoffTimeline handoffs={detail.handoffs} />
        <TurnLanes detail={detail} />
        <TurnLatency detail={detail} />
      </div>
      <section className="min-w-0">
        <h2 className="mb-4 text-lg font-semibold">{strings.session.transcript}</h2>
        <Transcript lines={detail.talk.transcript} empty={strings.talk.empty} />
      </section>
    </main>
  );
}

function Facts({ detail }: { detail: SessionDetail }) {
  const words = strings.session;
  const live = detail.endedAtWallMs === null;
  const nowMs = useNow(live ? 1000 : null);
  const { startedAtWallMs } = detail.talk;
  const response = medianResponse(detail);
  const length =
    startedAtWallMs === null ? null : (detail.endedAtWallMs ?? nowMs) - startedAtWallMs;
  const facts: readonly (readonly [string, string | number])[] = [
    [words.length, length === null || length < 0 ? '–' : clock(length)],
    [words.turns, callerTurns(detail.turns)],
    [words.medianResponse, response === null ? '–' : duration(response.ms)],
    [strings.dashboard.figures.interruptions, detail.interruptions],
    [words.falseAlarms, detail.falseAlarms],
    [words.toolCalls, detail.toolCalls],
    [words.problems, detail.problems],
    [words.owner, detail.owner ?? '–'],
  ];
  const ended = detail.talk.ended;
  return (
    <section className="flex flex-col gap-3">
      {ended ? (
        <p className="text-ink-soft">
          {words.endedBecause(words.ended[ended.reason])}
          {ended.detail === null ? '' : ` (${ended.detail})`}
        </p>
      ) : null}
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line shadow-card sm:grid-cols-4">
        {facts.map(([name, value]) => (
          <div key={name} className="min-w-0 bg-surface px-4 py-3">
            <dt className="text-sm text-ink-faint">{name}</dt>
            <dd className="number truncate text-lg font-medium">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
