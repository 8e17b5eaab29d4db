export * from './deepgram-stand-in.ts';
export type { DeepgramFailure, DeepgramFault } from './fault.ts';
export type { ConnectionRecord } from './listening-connection.ts';
