import type { Frame } from '../frames/frame.ts';

/** One packet's worth: 20 ms is what browsers expect of Opus. */
export const playoutFrameMs = 20;
/** Enough to rewind to the beginning of any word. */
const keepSentMs = 3_000;
/** A model that writes faster than people listen for this long has lost its caller. */
const maxQueuedMs = 120_000;

export interface PlayoutFrame {
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
  readonly turnId: string;
  readonly messageId: string;
  readonly agent: string;
}

export interface Heard {
  readonly turnId: string;
  readonly messageId: string;
  readonly characters: number;
  readonly final: boolean;
}

type Item =
  | (PlayoutFrame & { readonly type: 'audio'; readonly offsetMs: number })
  | (Omit<Heard, 'final'> & { readonly type: 'mark'; readonly offsetMs: number })
  | {
      readonly type: 'message-end';
      readonly turnId: string;
      readonly messageId: string;
      readonly characters: number;
    }
  | { readonly type: 'barrier'; readonly frame: Frame };

/** How far a message's sound goes, and which text stands where in it. */
interface Message {
  readonly turnId: string;
  readonly messageId: string;
  enqueuedMs: number;
  marks: { readonly atMs: number; readonly characters: number }[];
  ended: boolean;
}

interface Sent {
  readonly item: Extract<Item, { type: 'audio' }>;
  readonly rtpTimestamp: number;
}

export interface PlayoutQueueOptions {
  readonly onHeard: (heard: Heard) => void;
  /** A frame that waited for the sound before it. */
  readonly onBarrier: (frame: Frame) => void;
}

/**
 * What is to be played, in packets, with the text that belongs to it: knows at every moment how much of
 * a message the caller has heard, can go silent and come back, and can be cut.
 */
export class PlayoutQueue {
  readonly #options: PlayoutQueueOptions;
  #items: Item[] = [];
  #messages = new Map<string, Message>();
  #sent: Sent[] = [];
  #rest: { pcm: Int16Array; of: Frame<'output-audio'> } | undefined;
  #isHeld = false;
  /** The last packet leaves only later: what waits for it is not played yet. */
  #isAhead = false;
  /** How many packets were taken, and the marks between those that have not left. */
  #taken = 0;
  #marksAhead: { readonly item: Extract<Item, { type: 'mark' }>; readonly after: number }[] = [];
  #queuedPackets = 0;

  constructor(options: PlayoutQueueOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Nothing waits, and no message that has begun is still being spoken. */
  get isEmpty(): boolean {
    return (
      this.#items.length === 0 &&
      !this.#rest &&
      [...this.#messages.values()].every(({ ended }) => ended)
    );
  }

  get queuedMs(): number {
    return this.#queuedPackets * playoutFrameMs;
  }

  audio(frame: Frame<'output-audio'>): void {
    const samples = Math.round((frame.sampleRateHz * playoutFrameMs) / 1000);
    const { pcm } = frame;
    let start = 0;
    if (
      this.#rest?.of.messageId === frame.messageId &&
      this.#rest.of.sampleRateHz === frame.sampleRateHz
    ) {
      // The one packet that two pieces of sound share is copied; all others are views.
      start = Math.min(samples - this.#rest.pcm.length, pcm.length);
      const shared = concat(this.#rest.pcm, pcm.subarray(0, start));
      if (shared.length < samples) {
        this.#rest = { pcm: shared, of: frame };
        return;
      }
      this.#add(frame, shared);
    } else this.#flushRest();
    this.#rest = undefined;
    for (; start + samples <= pcm.length; start += samples)
      this.#add(frame, pcm.subarray(start, start + samples));
    if (start < pcm.length) this.#rest = { pcm: pcm.subarray(start), of: frame };
  }

  mark({ turnId, messageId, characters }: Frame<'spoken-mark'>): void {
    const message = this.#message(turnId, messageId);
    const restMs = this.#rest ? (this.#rest.pcm.length / this.#rest.of.sampleRateHz) * 1000 : 0;
    const atMs = message.enqueuedMs + restMs;
    message.marks.push({ atMs, characters });
    this.#items.push({ type: 'mark', turnId, messageId, characters, offsetMs: atMs });
    this.#skipSilent();
  }

  messageEnd({ turnId, messageId }: Frame<'tts-message-end'>): void {
    this.#flushRest();
    const message = this.#message(turnId, messageId);
    const characters = message.marks.at(-1)?.characters ?? 0;
    this.#items.push({ type: 'message-end', turnId, messageId, characters });
    this.#skipSilent();
  }

  /** The frame goes on once everything before it was played. */
  barrier(frame: Frame): void {
    this.#flushRest();
    this.#items.push({ type: 'barrier', frame });
    this.#skipSilent();
  }

  /**
   * The next packet, or null when there is none now. `isAhead`: it leaves only later, so that nothing passes
   * which waits for what was played.
   */
  next(
    rtpTimestamp: number,
    { isAhead }: { readonly isAhead: boolean } = { isAhead: false },
  ): PlayoutFrame | null {
    if (this.#isHeld) return null;
    this.#isAhead = isAhead;
    if (!isAhead) this.left(0);
    this.#skipSilent();
    const item = this.#items[0];
    if (item?.type !== 'audio') return null;
    this.#items.shift();
    this.#queuedPackets -= 1;
    this.#taken += 1;
    this.#sent.push({ item, rtpTimestamp });
    if (this.#sent.length > keepSentMs / playoutFrameMs) this.#sent.shift();
    this.#skipSilent();
    return item;
  }

  /** Of the packets taken ahead of their time all but the last `waiting` have left. */
  left(waiting: number): void {
    const next = this.#marksAhead.findIndex(({ after }) => after > this.#taken - waiting);
    const passed = this.#marksAhead.splice(0, next < 0 ? this.#marksAhead.length : next);
    for (const { item } of passed) this.#options.onHeard({ ...pick(item), final: false });
  }

  /** The last packets, so many, do not leave and come first again; all others have left. */
  takeBack(count: number): void {
    this.left(count);
    const packets = this.#sent.splice(Math.max(0, this.#sent.length - count), count);
    const back: Item[] = packets.map(({ item }) => item);
    // Each mark goes behind the packet that it followed; from the last one on, so that places stay.
    for (const { item, after } of this.#marksAhead.splice(0).toReversed())
      back.splice(packets.length - (this.#taken - after), 0, item);
    this.#items.unshift(...back);
    this.#queuedPackets += packets.length;
    this.#taken -= packets.length;
    this.#isAhead = false;
    this.#skipSilent();
  }

  hold(): void {
    this.#isHeld = true;
  }

  /**
   * Goes on after a false alarm. With what the caller had played when it went silent, from the last word
   * start before that; without, from where it was held. What was not held has nothing to say again.
   */
  resume(playedRtpTimestamp: number | null): void {
    const wasHeld = this.#isHeld;
    this.#isHeld = false;
    if (!wasHeld || playedRtpTimestamp === null) return;
    const heardCount = this.#sent.filter((sent) =>
      notAfter(sent.rtpTimestamp, playedRtpTimestamp),
    ).length;
    const last = this.#sent[heardCount - 1]?.item;
    const wordStartMs = last ? this.#lastMarkBefore(last.messageId, last.offsetMs) : 0;
    // A word begins within a packet, which then sounds once more as a whole.
    const again = this.#sent.filter(
      ({ item }, index) =>
        index >= heardCount ||
        (item.messageId === last?.messageId && item.offsetMs + playoutFrameMs > wordStartMs),
    );
    this.#sent = this.#sent.slice(0, this.#sent.length - again.length);
    this.#items.unshift(...again.map(({ item }) => item));
    this.#queuedPackets += again.length;
  }

  /**
   * Cuts everything. Gives how much was heard of the message that was playing, up to what the caller had
   * played (or, unknown, up to `inFlightMs` before now), and lets the barriers pass.
   */
  interrupt({
    playedRtpTimestamp,
    inFlightMs,
  }: {
    playedRtpTimestamp: number | null;
    inFlightMs: number;
  }): Heard | null {
    const barriers = this.#items.flatMap((item) => (item.type === 'barrier' ? [item.frame] : []));
    const inFlight = Math.round(inFlightMs / playoutFrameMs);
    const played =
      playedRtpTimestamp === null
        ? this.#sent.slice(0, Math.max(0, this.#sent.length - inFlight))
        : this.#sent.filter((sent) => notAfter(sent.rtpTimestamp, playedRtpTimestamp));
    const current = this.#sent.at(-1)?.item;
    const message = current && this.#messages.get(current.messageId);
    let heard: Heard | null = null;
    if (message && current) {
      const last = played.filter(({ item }) => item.messageId === current.messageId).at(-1)?.item;
      const characters = last ? charactersAt(message, last.offsetMs + playoutFrameMs) : 0;
      heard = { turnId: message.turnId, messageId: message.messageId, characters, final: true };
    }
    this.#items = [];
    this.#marksAhead = [];
    this.#queuedPackets = 0;
    this.#rest = undefined;
    this.#sent = [];
    this.#messages.clear();
    this.#isHeld = false;
    this.#isAhead = false;
    for (const frame of barriers) this.#options.onBarrier(frame);
    return heard;
  }

  #add(frame: Frame<'output-audio'>, pcm: Int16Array): void {
    const { turnId, messageId, agent, sampleRateHz } = frame;
    const message = this.#message(turnId, messageId);
    const offsetMs = message.enqueuedMs;
    message.enqueuedMs += playoutFrameMs;
    if (this.queuedMs >= maxQueuedMs) return; // heard of it is then less than was said
    this.#queuedPackets += 1;
    this.#items.push({ type: 'audio', turnId, messageId, agent, sampleRateHz, pcm, offsetMs });
  }

  #flushRest(): void {
    if (!this.#rest) return;
    const { pcm, of } = this.#rest;
    this.#rest = undefined;
    const padded = new Int16Array(Math.round((of.sampleRateHz * playoutFrameMs) / 1000));
    padded.set(pcm);
    this.#add(of, padded);
  }

  /** Handles what makes no sound at the head of the queue. */
  #skipSilent(): void {
    for (let item = this.#items[0]; item && item.type !== 'audio'; item = this.#items[0]) {
      if (item.type !== 'mark' && (this.#isHeld || this.#isAhead)) return;
      this.#items.shift();
      if (item.type === 'barrier') this.#options.onBarrier(item.frame);
      else if (item.type === 'mark' && this.#isAhead)
        this.#marksAhead.push({ item, after: this.#taken });
      else if (item.type === 'mark') this.#options.onHeard({ ...pick(item), final: false });
      else {
        const message = this.#messages.get(item.messageId);
        if (message) message.ended = true;
        this.#options.onHeard({ ...pick(item), final: true });
        this.#forgetEnded();
      }
    }
  }

  #forgetEnded(): void {
    const ended = [...this.#messages.values()].filter((message) => message.ended);
    // The last ones are kept: a rewind or a cut may still concern them.
    for (const { messageId } of ended.slice(0, -4)) this.#messages.delete(messageId);
  }

  #lastMarkBefore(messageId: string, offsetMs: number): number {
    const marks = this.#messages.get(messageId)?.marks ?? [];
    return marks.filter(({ atMs }) => atMs <= offsetMs).at(-1)?.atMs ?? 0;
  }

  #message(turnId: string, messageId: string): Message {
    const known = this.#messages.get(messageId);
    if (known) return known;
    const message: Message = { turnId, messageId, enqueuedMs: 0, marks: [], ended: false };
    this.#messages.set(messageId, message);
    return message;
  }
}

/** Between two marks, text is taken to be spoken at an even pace. */
function charactersAt({ marks }: Message, offsetMs: number): number {
  let before = { atMs: 0, characters: 0 };
  for (const mark of marks) {
    if (mark.atMs > offsetMs) {
      const share = (offsetMs - before.atMs) / Math.max(1, mark.atMs - before.atMs);
      return Math.floor(before.characters + share * (mark.characters - before.characters));
    }
    before = mark;
  }
  return before.characters;
}

/** RTP timestamps wrap around at 2^32. */
function notAfter(timestamp: number, limit: number): boolean {
  return ((limit - timestamp) | 0) >= 0;
}

function pick({ turnId, messageId, characters }: Omit<Heard, 'final'>): Omit<Heard, 'final'> {
  return { turnId, messageId, characters };
}

function concat(first: Int16Array, second: Int16Array): Int16Array {
  const whole = new Int16Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
