'use client';

import type { ToolLine } from '@voicebus/session-view';
import { Check, LoaderCircle, X } from 'lucide-react';
import { strings } from '@/strings';
import { useNow } from '@/use-now';

/** One line while the tool runs, counting; folded to its outcome after. */
export function ToolRow({ line }: { line: ToolLine }) {
  const running = line.status === 'running';
  const nowMs = useNow(running ? 100 : null);
  const Icon = running ? LoaderCircle : line.status === 'completed' ? Check : X;
  return (
    <li aria-live="off" className="number flex items-center gap-2 text-sm text-ink-faint">
      <Icon aria-hidden className={`size-4 shrink-0 ${running ? 'animate-spin' : ''}`} />
      <span>{toolText(line, nowMs)}</span>
    </li>
  );
}

function toolText(line: ToolLine, nowMs: number): string {
  const words = strings.transcript.tool;
  const name = strings.transcript.tools[line.name] ?? readable(line.name);
  // The server's clock may run ahead of this one.
  const ms = line.durationMs ?? Math.max(0, nowMs - line.startedAtWallMs);
  const seconds = (ms / 1000).toFixed(1);
  switch (line.status) {
    case 'running':
      return words.running(name, seconds);
    case 'completed':
      return words.completed(name, seconds);
    case 'cancelled':
      return words.cancelled(name);
    case 'error':
      return words.error(name);
  }
}

/** `lookup_account` reads "Lookup account". */
export function readable(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
