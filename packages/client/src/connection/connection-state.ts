import type { EndReason } from '@voicebus/protocol';
import type { FailureReason } from '../failure.ts';

/** The link between the page and its session. Never mixed with what the agent or the microphone do. */
export type ConnectionState =
  /** No session. */
  | { readonly kind: 'idle' }
  /** The browser asks the caller for the microphone. */
  | { readonly kind: 'asking-mic' }
  /** A session is being made, signalling and media set up. */
  | { readonly kind: 'connecting' }
  /** Everything stands but no agent holds the floor yet. */
  | { readonly kind: 'waiting-for-agent' }
  /** Words travel. */
  | { readonly kind: 'live' }
  /** Signalling and media are gone; the session is being resumed. */
  | { readonly kind: 'reconnecting' }
  | { readonly kind: 'ended'; readonly reason: EndReason; readonly detail: string | null }
  | { readonly kind: 'failed'; readonly reason: FailureReason };

export type ConnectionEvent =
  | { readonly type: 'start'; readonly audio: boolean }
  | { readonly type: 'mic-granted' }
  /** The caller can go on without a microphone, so this is no failure of the connection. */
  | { readonly type: 'mic-refused' }
  | { readonly type: 'media-ready' }
  | { readonly type: 'agent-arrived' }
  /** Signalling and media are both gone, or signalling before media stood. */
  | { readonly type: 'lost' }
  | { readonly type: 'resumed' }
  | { readonly type: 'ended'; readonly reason: EndReason; readonly detail: string | null }
  | { readonly type: 'failed'; readonly reason: FailureReason };

type Kind = ConnectionState['kind'];
type Arrow = (event: ConnectionEvent) => ConnectionState;
type Table = { readonly [From in Kind]: { readonly [Type in ConnectionEvent['type']]?: Arrow } };

const to =
  (kind: Exclude<Kind, 'ended' | 'failed'>): Arrow =>
  () => ({ kind });
const start: Arrow = (event) =>
  event.type === 'start' && event.audio ? { kind: 'asking-mic' } : { kind: 'connecting' };
const ended: Arrow = (event) =>
  event.type === 'ended'
    ? { kind: 'ended', reason: event.reason, detail: event.detail }
    : { kind: 'idle' };
const failed: Arrow = (event) =>
  event.type === 'failed' ? { kind: 'failed', reason: event.reason } : { kind: 'idle' };

/** An event that has no arrow from a state changes nothing: it belongs to something already over. */
export const connectionTable: Table = {
  idle: { start },
  'asking-mic': {
    'mic-granted': to('connecting'),
    'mic-refused': to('idle'),
    ended,
    failed,
  },
  connecting: { 'media-ready': to('waiting-for-agent'), ended, failed },
  'waiting-for-agent': {
    'agent-arrived': to('live'),
    lost: to('reconnecting'),
    ended,
    failed,
  },
  live: { lost: to('reconnecting'), ended, failed },
  reconnecting: { resumed: to('live'), ended, failed },
  ended: { start },
  failed: { start },
};

export function nextConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return connectionTable[state.kind][event.type]?.(event) ?? state;
}

/** True while a session exists or is being made. */
export function isInCall(state: ConnectionState): boolean {
  return state.kind !== 'idle' && state.kind !== 'ended' && state.kind !== 'failed';
}
