/** The caller's microphone. Each state has its own words and its own next step on the page. */
export type MicrophoneState =
  | 'unasked'
  /** The browser's permission question stands. */
  | 'asking'
  /** What it hears leaves this device. */
  | 'open'
  /** The caller muted it: nothing leaves this device. */
  | 'muted'
  /** Push to talk is on and the button is up: nothing leaves this device. */
  | 'held'
  /** Permission was refused, now or earlier. */
  | 'blocked'
  /** Another program has it. */
  | 'in-use'
  | 'not-found'
  /** The page is neither https nor localhost, so the browser has no microphone to give. */
  | 'insecure'
  | 'unsupported'
  /** Open, but 3 s without any signal. */
  | 'silent'
  /** It was unplugged during the call. */
  | 'lost';

export type MicrophoneProblem = 'blocked' | 'in-use' | 'not-found' | 'insecure' | 'unsupported';

export type MicrophoneEvent =
  | { readonly type: 'ask' }
  /** How it stands once it is open: mute and push to talk outlive a call. */
  | { readonly type: 'granted'; readonly as: 'open' | 'muted' | 'held' }
  | { readonly type: 'refused'; readonly problem: MicrophoneProblem }
  | { readonly type: 'gate'; readonly as: 'open' | 'muted' | 'held' }
  | { readonly type: 'silence' }
  | { readonly type: 'signal' }
  | { readonly type: 'device-lost' }
  | { readonly type: 'close' };

type Arrow = (event: MicrophoneEvent) => MicrophoneState;
type Arrows = { readonly [Type in MicrophoneEvent['type']]?: Arrow };

const as: Arrow = (event) =>
  event.type === 'granted' || event.type === 'gate' ? event.as : 'unasked';
const problem: Arrow = (event) => (event.type === 'refused' ? event.problem : 'unasked');
const to =
  (state: MicrophoneState): Arrow =>
  () =>
    state;

const close = to('unasked');
/** `granted` again: the caller chose another microphone. */
const using: Arrows = { gate: as, granted: as, 'device-lost': to('lost'), close };
/** Where one is gone, that there is no other says nothing new; that it is blocked does. */
const stillLost: Arrow = (event) =>
  event.type === 'refused' && event.problem !== 'not-found' ? event.problem : 'lost';
/** After each of these the caller may simply try again, before a call or during it. */
const closed: Arrows = { ask: to('asking'), granted: as, refused: problem, close };

export const microphoneTable: { readonly [From in MicrophoneState]: Arrows } = {
  unasked: { ask: to('asking') },
  asking: { granted: as, refused: problem, close },
  open: { ...using, silence: to('silent') },
  muted: using,
  held: using,
  silent: { ...using, signal: to('open') },
  blocked: closed,
  'in-use': closed,
  'not-found': closed,
  insecure: closed,
  unsupported: closed,
  lost: { ...closed, refused: stillLost },
};

export function nextMicrophone(state: MicrophoneState, event: MicrophoneEvent): MicrophoneState {
  return microphoneTable[state][event.type]?.(event) ?? state;
}

export function isMicrophoneOpen(state: MicrophoneState): boolean {
  return state === 'open' || state === 'muted' || state === 'held' || state === 'silent';
}
