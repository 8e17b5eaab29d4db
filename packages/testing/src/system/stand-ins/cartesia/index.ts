export * from './cartesia-fault.ts';
export * from './cartesia-stand-in.ts';
