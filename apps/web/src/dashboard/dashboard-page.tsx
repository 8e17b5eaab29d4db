'use client';

import { strings } from '@/strings';
import { Command } from '@/ui/command';
import { Notice } from '@/ui/notice';
import { useNow } from '@/use-now';
import { DashboardHeader } from './dashboard-header';
import { registryFeed, sessionsFeed } from './feeds';
import { Freshness } from './freshness';
import { Overview } from './overview';
import { RunnersTable } from './runners-table';
import { SessionsTable } from './sessions-table';
import { useLiveFeed } from './use-live-feed';
import { WorkersTable } from './workers-table';

export function DashboardPage() {
  const registry = useLiveFeed(registryFeed);
  const sessions = useLiveFeed(sessionsFeed);
  const nowMs = useNow(1000);
  const words = strings.dashboard;
  const stale = registry.feed.kind === 'unreachable';
  return (
    <div className="mx-auto flex max-w-6xl flex-col gap-8 px-4 pb-16 sm:px-6">
      <DashboardHeader title={words.title}>
        <Freshness feed={registry.feed} updatedWallMs={registry.updatedWallMs} beats />
      </DashboardHeader>
      {registry.feed.kind === 'unreachable' ? (
        <Notice tone="bad" alert title={words.unreachable(registry.feed.url)}>
          <Command command={words.commands.start}>{words.unreachableNext}</Command>
        </Notice>
      ) : null}
      {registry.view.status === 'needs-snapshot' ? (
        <Notice tone="warn" title={words.needsSnapshot} />
      ) : null}
      <main className={`flex flex-col gap-10 ${stale ? 'opacity-60' : ''}`}>
        <Overview registry={registry.view} sessions={sessions.view} nowMs={nowMs} />
        <SessionsTable view={sessions.view} nowMs={nowMs} />
        <RunnersTable view={registry.view} nowMs={nowMs} />
        <WorkersTable view={registry.view} nowMs={nowMs} />
      </main>
    </div>
  );
}
