export * from './describe-speech-to-text.ts';
export * from './caller.ts';
export * from './speech-to-text-under-test.ts';
