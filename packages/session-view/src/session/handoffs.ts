import type { SessionEvent } from '@voicebus/protocol';

/** One handoff on the timeline; times in milliseconds on the session's clock. */
export interface Handoff {
  readonly id: string;
  readonly from: string | null;
  readonly to: string;
  readonly reason: string | null;
  readonly status: 'requested' | 'accepted' | 'active' | 'failed';
  readonly requestedMs: number | null;
  readonly acceptedMs: number | null;
  /** First audio (or text) of the new holder. */
  readonly activeMs: number | null;
  readonly failedMs: number | null;
  /** Silence that the caller heard, milliseconds. */
  readonly gapMs: number | null;
  readonly epoch: number | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export type Handoffs = readonly Handoff[];

export function foldHandoffs(handoffs: Handoffs, event: SessionEvent): Handoffs {
  switch (event.type) {
    case 'handoff-requested':
      return put(handoffs, event, {
        status: 'requested',
        requestedMs: event.atMs,
        reason: event.reason ?? null,
      });
    case 'handoff-accepted':
      return put(handoffs, event, {
        status: 'accepted',
        acceptedMs: event.atMs,
        epoch: event.epoch,
      });
    case 'handoff-active':
      return put(handoffs, event, { status: 'active', activeMs: event.atMs, gapMs: event.gapMs });
    case 'handoff-failed':
      return put(handoffs, event, {
        status: 'failed',
        failedMs: event.atMs,
        failure: { code: event.code, message: event.message },
      });
    default:
      return handoffs;
  }
}

function put(
  handoffs: Handoffs,
  event: { handoffId: string; from?: string | undefined; to: string },
  change: Partial<Handoff>,
): Handoffs {
  const index = handoffs.findIndex((handoff) => handoff.id === event.handoffId);
  const known = handoffs[index] ?? {
    id: event.handoffId,
    from: event.from ?? null,
    to: event.to,
    reason: null,
    status: 'requested',
    requestedMs: null,
    acceptedMs: null,
    activeMs: null,
    failedMs: null,
    gapMs: null,
    epoch: null,
    failure: null,
  };
  const changed: Handoff = { ...known, ...change };
  return index === -1 ? [...handoffs, changed] : handoffs.with(index, changed);
}
