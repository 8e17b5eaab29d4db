export * from './openai-stand-in.ts';
export type { StandInAnswer, StandInFault } from './scripted-answer.ts';
