export * from './cartesia-fault.ts';
export * from './cartesia-stand-in.ts';
export { toneOfVoice } from './spoken-tone.ts';
