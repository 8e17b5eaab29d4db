import { randomBytes } from 'node:crypto';

/** 128 random bits, URL-safe: session ids and incarnations must not be guessable. */
export function randomId(): string {
  return randomBytes(16).toString('base64url');
}

let count = 0;
const process36 = randomBytes(4).readUInt32BE().toString(36);

/** Unique over all processes, cheap, ordered within one: for messages, turns and events. */
export function nextId(prefix: string): string {
  count += 1;
  return `${prefix}-${process36}-${count.toString(36)}`;
}
