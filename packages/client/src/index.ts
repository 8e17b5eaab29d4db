export type { ClockOffset } from './clock/clock-sync.ts';
export { type ConnectionState, isInCall } from './connection/connection-state.ts';
export type { DeviceNotice } from './devices/device-notice.ts';
export type { AudioDevice, AudioDevices } from './devices/devices.ts';
export { type FailureReason, failureReasons } from './failure.ts';
export { isMicrophoneOpen, type MicrophoneState } from './microphone/microphone-state.ts';
export type { PublishedPlayback } from './playback/publish-playback.ts';
export {
  createVoiceSession,
  type Levels,
  type VoiceSession,
  type VoiceSessionOptions,
} from './session/voice-session.ts';
export type { ResumableCall, VoiceSnapshot } from './session/voice-snapshot.ts';
export type { Store } from './store.ts';
export type { OnsetOptions } from './vad/speech-onset.ts';
