export * from './bus.ts';
export * from './browser.ts';
export * from './context.ts';
export * from './events.ts';
export * from './limits.ts';
export * from './surfaces.ts';
export * from './version.ts';
