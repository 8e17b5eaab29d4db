export * from './fake-clock.ts';
export * from './scripted-language-model.ts';
export * from './scripted-speech-to-text.ts';
export * from './scripted-text-to-speech.ts';
export * from './scripted-voice-activity-detector.ts';
export * from './spoken-words.ts';
export * from './conversation.ts';
export * from './call-with-agents.ts';
