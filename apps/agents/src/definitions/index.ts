export { greeter } from './greeter.ts';
export { support } from './support.ts';
