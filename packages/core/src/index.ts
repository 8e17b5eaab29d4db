export * from './clock/clock.ts';
export * from './errors/voicebus-error.ts';
export * from './frames/frame.ts';
export * from './frames/frame-class.ts';
export * from './model/language-model.ts';
export * from './speech/speech-to-text.ts';
export * from './speech/text-to-speech.ts';
export * from './speech/voice-activity-detector.ts';
