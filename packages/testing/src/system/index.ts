export * from './caller/event-log.ts';
export * from './caller/heard-sound.ts';
export * from './caller/media-path.ts';
export * from './caller/spoken-microphone.ts';
export * from './caller/virtual-caller.ts';
export * from './deadline.ts';
export * from './process/free-port.ts';
export * from './process/transport-agent-process.ts';
