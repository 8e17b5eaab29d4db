import { describe, expect, it } from 'vitest';
import {
  type MicrophoneEvent,
  type MicrophoneState,
  microphoneTable,
  nextMicrophone,
} from './microphone-state.ts';

type Arrow = readonly [MicrophoneState, MicrophoneEvent, MicrophoneState];

const ask: MicrophoneEvent = { type: 'ask' };
const close: MicrophoneEvent = { type: 'close' };
const lost: MicrophoneEvent = { type: 'device-lost' };
const mute: MicrophoneEvent = { type: 'gate', as: 'muted' };
const using = (state: MicrophoneState): Arrow[] => [
  [state, mute, 'muted'],
  [state, lost, 'lost'],
  [state, { type: 'granted', as: 'open' }, 'open'],
  [state, close, 'unasked'],
];
const refused = (state: MicrophoneState): Arrow[] => [
  [state, ask, 'asking'],
  [state, { type: 'granted', as: 'muted' }, 'muted'],
  [state, { type: 'refused', problem: 'blocked' }, 'blocked'],
  [state, close, 'unasked'],
];

const arrows: readonly Arrow[] = [
  ['unasked', ask, 'asking'],
  ['asking', { type: 'granted', as: 'held' }, 'held'],
  ['asking', { type: 'refused', problem: 'in-use' }, 'in-use'],
  ['asking', close, 'unasked'],
  ...using('open'),
  ['open', { type: 'silence' }, 'silent'],
  ...using('muted'),
  ...using('held'),
  ...using('silent'),
  ['silent', { type: 'signal' }, 'open'],
  ...refused('blocked'),
  ...refused('in-use'),
  ...refused('not-found'),
  ...refused('insecure'),
  ...refused('unsupported'),
  ...refused('lost'),
];

describe('the microphone', () => {
  it.each(arrows)('%s on %o is %s', (from, event, to) => {
    expect(nextMicrophone(from, event)).toBe(to);
  });

  it('has no arrow without a test', () => {
    const tested = new Set(arrows.map(([from, event]) => `${from} ${event.type}`));
    const all = Object.entries(microphoneTable).flatMap(([from, events]) =>
      Object.keys(events).map((event) => `${from} ${event}`),
    );
    expect([...tested].toSorted()).toEqual(all.toSorted());
  });

  it('stays lost while there is no other', () => {
    expect(nextMicrophone('lost', { type: 'refused', problem: 'not-found' })).toBe('lost');
  });

  it('is not silent while it is muted', () => {
    expect(nextMicrophone('muted', { type: 'silence' })).toBe('muted');
  });
});
