export { OfflineRecogniser } from './offline-recogniser/offline-recogniser.ts';
export type { OfflineRecogniserOptions } from './offline-recogniser/offline-recogniser.ts';
export { OfflineVoices } from './offline-voices/offline-voices.ts';
export type { OfflineVoicesOptions } from './offline-voices/offline-voices.ts';
export { SileroVoiceActivityDetector } from './silero/silero.ts';
