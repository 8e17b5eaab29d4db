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
  /** Everything stands again; `hasAgent` when somebody holds the floor. */
  | { readonly type: 'resumed'; readonly hasAgent: boolean }
  /** A page that was reloaded, or another tab, goes on with a call that is still there. */
  | { readonly type: 'return' }
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
const resumed: Arrow = (event) =>
  event.type === 'resumed' && !event.hasAgent ? { kind: 'waiting-for-agent' } : { kind: 'live' };
const returning = to('reconnecting');
const ended: Arrow = (event) =>
  event.type === 'ended'
    ? { kind: 'ended', reason: event.reason, detail: event.detail }
    : { kind: 'idle' };
const failed: Arrow = (event) =>
  event.type === 'failed' ? { kind: 'failed', reason: event.reason } : { kind: 'idle' };

/** An event that has no arrow from a state changes nothing: it belongs to something already over. */
export const connectionTable: Table = {
  idle: { start, return: returning },
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
  reconnecting: { resumed, 'mic-refused': to('idle'), ended, failed },
  ended: { start, return: returning },
  failed: { start, return: returning },
};

export function nextConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return connectionTable[state.kind][event.type]?.(event) ?? state;
}

/** True while a session exists or is being made. */
export function isInCall(state: ConnectionState): boolean {
  return state.kind !== 'idle' && state.kind !== 'ended' && state.kind !== 'failed';
}
