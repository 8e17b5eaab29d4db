import { createHash } from 'node:crypto';
import { VoicebusError } from '@voicebus/core';

const channelName = /^[A-Za-z0-9_.-]{1,64}$/;

/**
 * Every name that this package uses in Redis, all of them behind `<channel>:`. A channel's name has no
 * colon, so that no channel's names begin with another's. What one script touches shares a hash tag.
 */
export class Keys {
  readonly channel: string;
  /** Set of the incarnations that have announced themselves. */
  readonly runners: string;
  /** Published: who announced, renewed or left. */
  readonly notes: string;
  /** Published: events of the sessions of the channel. */
  readonly liveEvents: string;

  constructor(channel: string) {
    if (!channelName.test(channel)) {
      throw new VoicebusError(
        'invalid-arguments',
        `"${channel}" is no name of a channel: use 1 to 64 letters, digits, "_", "." or "-".`,
      );
    }
    this.channel = channel;
    this.runners = `${channel}:runners`;
    this.notes = `${channel}:notes`;
    this.liveEvents = `${channel}:events`;
  }

  /** Stream: what was sent to this process and not taken in yet. */
  inbox(incarnation: string): string {
    return `${this.channel}:in:{${incarnation}}`;
  }

  /** String with an expiry: the process lives. */
  lease(incarnation: string): string {
    return `${this.channel}:lease:{${incarnation}}`;
  }

  /** Hash: what the process says of itself, and a field for each of its workers. */
  runner(incarnation: string): string {
    return `${this.channel}:runner:{${incarnation}}`;
  }

  /** Published: a question whether the process lives, and its answer; who listens there, lives. */
  pulse(incarnation: string): string {
    return `${this.channel}:pulse:${incarnation}`;
  }

  /** Hash: an owner's or a floor's epoch and holder. */
  record(key: string): string {
    return `${this.channel}:record:${key}`;
  }

  /** Stream: the newest events of a session. */
  events(sessionId: string): string {
    return `${this.channel}:events:${sessionId}`;
  }

  /**
   * Published: sound of one session for one process. Its name is in every packet of 20 ms, so it is
   * short: 66 bits of a hash.
   */
  media(incarnation: string, sessionId: string): string {
    const hash = createHash('sha256').update(`${incarnation} ${sessionId}`).digest('base64url');
    return `${this.channel}:m${hash.slice(0, 11)}`;
  }
}
