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
import { WaitingSound } from './waiting-sound.ts';

export interface RedisMediaPlaneOptions {
  readonly client: Client;
  readonly subscriber: Subscriber;
  readonly keys: Keys;
  readonly incarnation: string;
}

/** Publishes that wait for their answer; above it frames wait, and those of one session go together. */
const maxUnderWay = 32;

/** Sound as it is: published once, never repaired. A channel per session and receiver. */
export class RedisMediaPlane implements MediaPlane {
  readonly #options: RedisMediaPlaneOptions;
  readonly #channels = new Map<string, string>();
  readonly #waiting = new WaitingSound();
  readonly #counters = { sent: 0, received: 0, dropped: 0 };
  #underWay = 0;
  #isUp = false;

  constructor(options: RedisMediaPlaneOptions) {
    this.#options = options;
  }

  get counters(): MediaPlane['counters'] {
    const { sent, received, dropped } = this.#counters;
    return { sent, received, dropped: dropped + this.#waiting.dropped };
  }

  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    if (!isUp) this.#waiting.clear();
  }

  send(incarnation: string, frame: MediaFrame): void {
    const bytes = encodeMediaFrame(frame);
    if (!this.#isUp) {
      this.#counters.dropped += 1;
      return;
    }
    this.#counters.sent += 1;
    const channel = this.#channel(incarnation, frame.sessionId);
    if (this.#underWay < maxUnderWay) this.#publish(channel, bytes);
    else this.#waiting.add(channel, bytes, performance.now());
  }

  async listen(sessionId: string, listener: (frame: MediaFrame) => void): Promise<() => void> {
    const { subscriber, keys, incarnation } = this.#options;
    const newest = new Newest(limits.mediaMaxAgeMs);
    return subscriber.listen(keys.media(incarnation, sessionId), (bytes) => {
      let frames: readonly MediaFrame[];
      try {
        frames = decodeMediaFrames(bytes, sessionId);
      } catch {
        this.#counters.dropped += 1;
        return;
      }
      for (const frame of frames) {
        if (newest.takes(frame, Date.now())) {
          this.#counters.received += 1;
          listener(frame);
        } else this.#counters.dropped += 1;
      }
    });
  }

  #publish(channel: string, bytes: Buffer): void {
    this.#underWay += 1;
    publish(this.#options.client, channel, bytes).then(
      () => this.#answered(),
      () => {
        this.#counters.dropped += 1;
        this.#answered();
      },
    );
  }

  #answered(): void {
    this.#underWay -= 1;
    const next = this.#waiting.take(performance.now());
    if (next) this.#publish(next.channel, next.bytes);
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
