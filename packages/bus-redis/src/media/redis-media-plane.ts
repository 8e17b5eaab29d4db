import {
  decodeMediaFrames,
  encodeMediaFrame,
  type MediaFrame,
  type MediaPlane,
} from '@voicebus/core';
import { limits } from '@voicebus/protocol';
import type { Subscriber } from '../connection/subscriber.ts';
import type { Keys } from '../keys.ts';
import { publish, type Client } from '../scripts.ts';
import { Newest } from './newest.ts';

export interface RedisMediaPlaneOptions {
  readonly client: Client;
  readonly subscriber: Subscriber;
  readonly keys: Keys;
  readonly incarnation: string;
}

interface Waiting {
  readonly channel: string;
  readonly bytes: Buffer;
  readonly sinceMs: number;
}

/** Publishes that wait for their answer; above it frames wait, and those of one session go together. */
const maxUnderWay = 32;
const maxTogetherBytes = 64 * 1024;
/** At most this much sound waits, whatever its age: 200 ms of 1,000 sessions. */
const maxWaitingBytes = 10 * 1024 * 1024;

/** Sound as it is: published once, never repaired. A channel per session and receiver. */
export class RedisMediaPlane implements MediaPlane {
  readonly counters = { sent: 0, received: 0, dropped: 0 };
  readonly #options: RedisMediaPlaneOptions;
  readonly #channels = new Map<string, string>();
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #underWay = 0;
  #isUp = false;

  constructor(options: RedisMediaPlaneOptions) {
    this.#options = options;
  }

  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    if (!isUp) {
      this.counters.dropped += this.#waiting.length;
      this.#waiting.length = 0;
      this.#waitingBytes = 0;
    }
  }

  send(incarnation: string, frame: MediaFrame): void {
    const bytes = encodeMediaFrame(frame);
    if (!this.#isUp || this.#waitingBytes > maxWaitingBytes) {
      this.counters.dropped += 1;
      return;
    }
    this.counters.sent += 1;
    const channel = this.#channel(incarnation, frame.sessionId);
    if (this.#underWay < maxUnderWay) this.#publish(channel, bytes);
    else {
      this.#waiting.push({ channel, bytes, sinceMs: performance.now() });
      this.#waitingBytes += bytes.length;
    }
  }

  async listen(sessionId: string, listener: (frame: MediaFrame) => void): Promise<() => void> {
    const { subscriber, keys, incarnation } = this.#options;
    const newest = new Newest(limits.mediaMaxAgeMs);
    return subscriber.listen(keys.media(incarnation, sessionId), (bytes) => {
      let frames: readonly MediaFrame[];
      try {
        frames = decodeMediaFrames(bytes, sessionId);
      } catch {
        this.counters.dropped += 1;
        return;
      }
      for (const frame of frames) {
        if (newest.takes(frame, Date.now())) {
          this.counters.received += 1;
          listener(frame);
        } else this.counters.dropped += 1;
      }
    });
  }

  #publish(channel: string, bytes: Buffer): void {
    this.#underWay += 1;
    publish(this.#options.client, channel, bytes)
      .catch(() => (this.counters.dropped += 1))
      .finally(() => {
        this.#underWay -= 1;
        this.#next();
      });
  }

  /** The oldest session's turn: what of it waits goes in one. What waited too long is dropped. */
  #next(): void {
    const tooOld = performance.now() - limits.mediaMaxAgeMs;
    let stale = 0;
    while ((this.#waiting[stale]?.sinceMs ?? Infinity) < tooOld) stale += 1;
    for (const { bytes } of this.#waiting.splice(0, stale)) this.#waitingBytes -= bytes.length;
    this.counters.dropped += stale;
    const first = this.#waiting[0];
    if (!first || this.#underWay >= maxUnderWay) return;
    const together: Buffer[] = [];
    let total = 0;
    let kept = 0;
    for (const waiting of this.#waiting) {
      if (waiting.channel === first.channel && total + waiting.bytes.length <= maxTogetherBytes) {
        together.push(waiting.bytes);
        total += waiting.bytes.length;
      } else {
        this.#waiting[kept] = waiting;
        kept += 1;
      }
    }
    this.#waiting.length = kept;
    this.#waitingBytes -= total;
    this.#publish(first.channel, Buffer.concat(together, total));
  }

  /** The hash is made once per session, not once per packet. */
  #channel(incarnation: string, sessionId: string): string {
    const key = `${incarnation} ${sessionId}`;
    let channel = this.#channels.get(key);
    if (channel === undefined) {
      if (this.#channels.size >= 10_000) this.#channels.clear();
      channel = this.#options.keys.media(incarnation, sessionId);
      this.#channels.set(key, channel);
    }
    return channel;
  }
}
