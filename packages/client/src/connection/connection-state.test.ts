import { describe, expect, it } from 'vitest';
import {
  type ConnectionEvent,
  type ConnectionState,
  connectionTable,
  isInCall,
  nextConnection,
} from './connection-state.ts';

const ended: ConnectionEvent = { type: 'ended', reason: 'agent-ended', detail: 'bye' };
const failed: ConnectionEvent = { type: 'failed', reason: 'unreachable' };
const endedState: ConnectionState = { kind: 'ended', reason: 'agent-ended', detail: 'bye' };
const failedState: ConnectionState = { kind: 'failed', reason: 'unreachable' };
const simple = (kind: Exclude<ConnectionState['kind'], 'ended' | 'failed'>): ConnectionState => ({
  kind,
});

const arrows: readonly (readonly [ConnectionState, ConnectionEvent, ConnectionState])[] = [
  [simple('idle'), { type: 'start', audio: true }, simple('asking-mic')],
  [simple('idle'), { type: 'start', audio: false }, simple('connecting')],
  [simple('asking-mic'), { type: 'mic-granted' }, simple('connecting')],
  [simple('asking-mic'), { type: 'mic-refused' }, simple('idle')],
  [simple('asking-mic'), ended, endedState],
  [simple('asking-mic'), failed, failedState],
  [simple('connecting'), { type: 'media-ready' }, simple('waiting-for-agent')],
  [simple('connecting'), ended, endedState],
  [simple('connecting'), failed, failedState],
  [simple('waiting-for-agent'), { type: 'agent-arrived' }, simple('live')],
  [simple('waiting-for-agent'), { type: 'lost' }, simple('reconnecting')],
  [simple('waiting-for-agent'), ended, endedState],
  [simple('waiting-for-agent'), failed, failedState],
  [simple('live'), { type: 'lost' }, simple('reconnecting')],
  [simple('live'), ended, endedState],
  [simple('live'), failed, failedState],
  [simple('idle'), { type: 'return' }, simple('reconnecting')],
  [simple('reconnecting'), { type: 'resumed', hasAgent: true }, simple('live')],
  [simple('reconnecting'), { type: 'resumed', hasAgent: false }, simple('waiting-for-agent')],
  [simple('reconnecting'), { type: 'mic-refused' }, simple('idle')],
  [simple('reconnecting'), ended, endedState],
  [simple('reconnecting'), failed, failedState],
  [endedState, { type: 'start', audio: true }, simple('asking-mic')],
  [failedState, { type: 'start', audio: false }, simple('connecting')],
  [endedState, { type: 'return' }, simple('reconnecting')],
  [failedState, { type: 'return' }, simple('reconnecting')],
];

describe('the connection', () => {
  it.each(arrows)('%o on %o is %o', (from, event, to) => {
    expect(nextConnection(from, event)).toEqual(to);
  });

  it('has no arrow without a test', () => {
    const tested = new Set(arrows.map(([from, event]) => `${from.kind} ${event.type}`));
    const all = Object.entries(connectionTable).flatMap(([from, events]) =>
      Object.keys(events).map((event) => `${from} ${event}`),
    );
    expect([...tested].toSorted()).toEqual(all.toSorted());
  });

  it('does not care about what belongs to something already over', () => {
    expect(nextConnection(endedState, { type: 'resumed', hasAgent: true })).toBe(endedState);
    expect(nextConnection(failedState, ended)).toBe(failedState);
  });

  it('is in a call from the start to the end', () => {
    expect(isInCall(simple('asking-mic'))).toBe(true);
    expect(isInCall(simple('reconnecting'))).toBe(true);
    expect(isInCall(simple('idle'))).toBe(false);
    expect(isInCall(endedState)).toBe(false);
  });
});
