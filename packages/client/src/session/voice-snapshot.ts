import type { ClockOffset } from '../clock/clock-sync.ts';
import type { ConnectionState } from '../connection/connection-state.ts';
import type { DeviceNotice } from '../devices/device-notice.ts';
import { type AudioDevices, noDevices } from '../devices/devices.ts';
import type { MicrophoneState } from '../microphone/microphone-state.ts';
import { defaultPreferences, type Preferences } from './preferences.ts';

/** A call that this page may go on with. */
export interface ResumableCall {
  readonly sessionId: string;
  readonly audio: boolean;
  /** Until when the server surely waits, milliseconds since the epoch. */
  readonly untilWallMs: number;
}

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
  /** Page's time since which signalling is gone, while the media path may still live; else null. */
  readonly signallingLostSinceMs: number | null;
  /** How long it was tried to come back before the call failed, milliseconds; null for other ends. */
  readonly lostForMs: number | null;
  /** A call that was left by a reload, or that could not be reached any more. */
  readonly resumable: ResumableCall | null;
  /** The caller came back to a call that went on meanwhile; true for a moment. */
  readonly welcomeBack: boolean;
  /** A call that runs in another tab of this browser. */
  readonly otherTabSessionId: string | null;
  readonly vad: 'off' | 'loading' | 'ready' | 'failed';
  readonly devices: AudioDevices;
  /** What just happened to a device; for a moment. */
  readonly deviceNotice: DeviceNotice | null;
  readonly microphoneId: string | null;
  readonly speakerId: string | null;
  readonly suggestions: readonly string[];
  readonly sessionId: string | null;
  readonly clock: ClockOffset | null;
  /** How long the call took, milliseconds; null until it has ended. */
  readonly callMs: number | null;
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
    signallingLostSinceMs: null,
    lostForMs: null,
    resumable: null,
    welcomeBack: false,
    otherTabSessionId: null,
    vad: 'off',
    devices: noDevices,
    deviceNotice: null,
    microphoneId: preferences.microphoneId,
    speakerId: preferences.speakerId,
    suggestions: [],
    sessionId: null,
    clock: null,
    callMs: null,
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
