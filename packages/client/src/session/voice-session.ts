import type { SessionEvent } from '@voicebus/protocol';
import type { TalkView } from '@voicebus/session-view';
import type { Store } from '../store.ts';
import type { OnsetOptions } from '../vad/speech-onset.ts';
import { LiveVoiceSession } from './live-voice-session.ts';
import type { VoiceSnapshot } from './voice-snapshot.ts';

export interface VoiceSessionOptions {
  /** Addresses of transport agents, tried in order; a function is asked at the start of each call. */
  readonly transportUrls: readonly string[] | (() => Promise<readonly string[]>);
  /** Where the worklets and the speech model are served, with a slash at the end. Default `/vad/`. */
  readonly assetsUrl?: string;
  /** When speech silences the bot before the server agrees. */
  readonly onset?: Partial<OnsetOptions>;
}

/** Levels now, root mean square 0–1; read them once per picture. */
export interface Levels {
  readonly microphone: number;
  /** What leaves the loudspeaker, after any local stop. */
  readonly bot: number;
}

/** A caller's call: one object for the life of the page, any number of calls one after the other. */
export interface VoiceSession {
  readonly state: Store<VoiceSnapshot>;
  readonly talk: Store<TalkView>;
  /** The latest 200 events as they came; older ones are dropped. */
  readonly events: Store<readonly SessionEvent[]>;
  levels(): Levels;
  /** Starts a call; call it in a click. Never rejects: what goes wrong becomes a state. */
  connect(options: { readonly audio: boolean }): Promise<void>;
  /** Goes on with `resumable`; call it in a click, since it may ask for the microphone. */
  resume(): Promise<void>;
  /** Brings the call of another tab here; it ends there. Call it in a click. */
  takeOver(): Promise<void>;
  /** Ends the call; the microphone is closed at once. */
  end(): void;
  /** Sends typed text, also while the call is still being set up. Interrupts the bot. */
  sendText(text: string): void;
  /** Stops the bot now. */
  interrupt(): void;
  setMuted(muted: boolean): void;
  setPushToTalk(on: boolean): void;
  press(pressed: boolean): void;
  chooseMicrophone(deviceId: string): Promise<void>;
  /** Opens a microphone again after it was lost or refused during the call; call it in a click. */
  retryMicrophone(): Promise<void>;
  chooseSpeaker(deviceId: string): Promise<void>;
  /** Plays the bot after the browser refused to; call it in a click. */
  allowPlayback(): Promise<void>;
  /** Loads what a call needs, so that the click finds it there. */
  prepare(): void;
}

export function createVoiceSession(options: VoiceSessionOptions): VoiceSession {
  return new LiveVoiceSession(options);
}
