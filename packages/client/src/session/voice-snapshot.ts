import type { ClockOffset } from '../clock/clock-sync.ts';
import type { ConnectionState } from '../connection/connection-state.ts';
import { type AudioDevices, noDevices } from '../devices/devices.ts';
import type { MicrophoneState } from '../microphone/microphone-state.ts';
import { defaultPreferences, type Preferences } from './preferences.ts';

/** Everything about a call but its transcript and its levels, which change far more often. */
export interface VoiceSnapshot {
  readonly connection: ConnectionState;
  /** Page's time at which `connection` became what it is, milliseconds. */
  readonly connectionSinceMs: number;
  readonly microphone: MicrophoneState;
  /** Typed only: no microphone was asked for. */
  readonly textOnly: boolean;
  readonly muted: boolean;
  readonly pushToTalk: boolean;
  /** Push to talk: the button is down. */
  readonly pressed: boolean;
  /** The caller speaks but is muted. */
  readonly mutedSpeech: boolean;
  /** The browser wants a click before it plays the bot. */
  readonly autoplayBlocked: boolean;
  /** Signalling is gone while the media path may still live. */
  readonly signallingLost: boolean;
  readonly vad: 'off' | 'loading' | 'ready' | 'failed';
  readonly devices: AudioDevices;
  readonly microphoneId: string | null;
  readonly speakerId: string | null;
  readonly suggestions: readonly string[];
  readonly sessionId: string | null;
  readonly clock: ClockOffset | null;
  /** Response times at the ear of this call, milliseconds, by turn. */
  readonly responses: readonly { readonly turnId: string; readonly ms: number }[];
}

export function initialSnapshot(preferences: Preferences): VoiceSnapshot {
  return {
    connection: { kind: 'idle' },
    connectionSinceMs: 0,
    microphone: 'unasked',
    textOnly: false,
    muted: preferences.muted,
    pushToTalk: preferences.pushToTalk,
    pressed: false,
    mutedSpeech: false,
    autoplayBlocked: false,
    signallingLost: false,
    vad: 'off',
    devices: noDevices,
    microphoneId: preferences.microphoneId,
    speakerId: preferences.speakerId,
    suggestions: [],
    sessionId: null,
    clock: null,
    responses: [],
  };
}

/** What a server renders: it knows nothing of this device's preferences. */
export const serverSnapshot: VoiceSnapshot = initialSnapshot(defaultPreferences);

/** What the microphone lets through, by mute and push to talk. Mute outranks the button. */
export function gateOf(
  snapshot: Pick<VoiceSnapshot, 'muted' | 'pushToTalk' | 'pressed'>,
): 'open' | 'muted' | 'held' {
  if (snapshot.muted) return 'muted';
  return snapshot.pushToTalk && !snapshot.pressed ? 'held' : 'open';
}
