export * from './describe-text-to-speech.ts';
export * from './text-to-speech-under-test.ts';
