import { SpeechOutput, type Direction, type Frame, type PlayoutFrame } from '@voicebus/core';
import type { ServerMessage } from '@voicebus/protocol';
import type { Pacer } from './pacer.ts';
import { timestampStep, type SpeechSender } from './speech-sender.ts';

export interface PacedOutputOptions {
  readonly pacer: Pacer;
  /** To the caller's page, by the fastest way there is. */
  readonly tell: (message: ServerMessage) => void;
  /** What left for the loudspeaker, 20 ms at a time, and when it was due: late packets play in time. */
  readonly onSent?: (packet: PlayoutFrame, dueMs: number) => void;
}

const packetMs = 20;
/** Handed over before its time: for so long this thread may work on something else, and no packet is late. */
const aheadPackets = 10;

/** Plays the bot's speech to a connection, a packet every 20 ms. Without a connection it waits. */
export class PacedOutput extends SpeechOutput {
  readonly #options: PacedOutputOptions;
  #sender: SpeechSender | undefined;
  #leave: (() => void) | undefined;
  #isSuspended = false;
  /** The last packet was speech. */
  #isSounding = false;
  /** How many packets beyond the one of the last tick were handed over; -1 when that one was not, either. */
  #ahead = 0;
  /** 1 when a spurt's first packet did not wait for its tick: until its pause each leaves a tick sooner. */
  #early: 0 | 1 = 0;
  /** When the last tick was due. */
  #tickMs = 0;
  /** Handed over, and not due yet. */
  #leaving: { readonly packet: PlayoutFrame; readonly dueMs: number }[] = [];
  /** The last few: the page reports within a second or two. */
  #spurts: { readonly turnId: string; readonly rtpTimestamp: number }[] = [];

  constructor(options: PacedOutputOptions) {
    super('paced-output');
    this.#options = options;
  }

  /** From now on packets go there; what waits is played there, too. */
  play(sender: SpeechSender): void {
    this.pause();
    this.#sender = sender;
    this.#isSuspended = false;
    this.#isSounding = false;
    this.#ahead = 0;
    this.#early = 0;
    const { pacer } = this.#options;
    this.#leave = pacer.add((ticks, dueMs) => this.#tick(sender, ticks, dueMs));
    this.#tickMs = pacer.lastTickMs;
  }

  /** The path to the page is interrupted, or back: what is not played now is played then. */
  suspend(isSuspended: boolean): void {
    if (isSuspended) this.takeBack();
    this.#isSuspended = isSuspended;
  }

  /** The connection is gone: nothing is played until there is another one. */
  pause(): void {
    this.takeBack();
    this.#leave?.();
    this.#leave = undefined;
    this.#sender?.close();
    this.#sender = undefined;
  }

  protected override process(frame: Frame, direction: Direction): void {
    super.process(frame, direction);
    if (frame.kind === 'output-audio' && direction === 'downstream') this.#beginSpurt();
  }

  protected override packetsNotSent(): number {
    const count = this.#sender?.takeBack() ?? 0;
    this.#ahead -= count;
    this.#leaving.splice(Math.max(0, this.#leaving.length - count), count);
    return count;
  }

  /** The first packet of a spurt does not wait for its tick, 10 ms in the mean: the answer is heard sooner. */
  #beginSpurt(): void {
    const sender = this.#sender;
    if (!sender || this.#isSuspended || this.#isSounding) return;
    // A tick that is late would make the packets behind the first late, too.
    this.#options.pacer.keepTime();
    if (this.#isSounding) return;
    this.#early = 1;
    this.#fill(sender);
    this.#tellSent();
  }

  #tick(sender: SpeechSender, ticks: number, dueMs: number): void {
    this.#tickMs = dueMs;
    this.#ahead -= ticks;
    if (this.#isSuspended) {
      this.#isSounding = false;
      this.#pass(sender);
    } else this.#fill(sender);
    this.#tellSent();
  }

  /** Hands over what is due, and of speech what is due next. */
  #fill(sender: SpeechSender): void {
    while (this.#ahead < this.#early + aheadPackets) {
      const missing = Math.max(0, this.#early - this.#ahead);
      const steps = Math.max(1, missing);
      const packet = this.nextPacket(
        (sender.timestamp + steps * timestampStep) >>> 0,
        missing > 0 ? 0 : (this.#ahead + 1 - this.#early) * packetMs,
      );
      if (!packet) {
        if (missing > 0) this.#rest(sender);
        return;
      }
      this.#send(sender, packet, steps);
      if (!sender.isReady) return;
    }
  }

  #send(sender: SpeechSender, packet: PlayoutFrame, steps: number): void {
    sender.advance(steps);
    this.#ahead += steps;
    const dueMs = this.#tickMs + (this.#ahead - this.#early) * packetMs;
    // One that begins between two ticks is due at no time but leaves at once.
    const isFirst = !this.#isSounding && this.#early === 1;
    this.#isSounding = true;
    sender.send(packet, isFirst ? this.clock.now() : dueMs);
    this.#leaving.push({ packet, dueMs });
  }

  /** What was due by the last tick has left. */
  #tellSent(): void {
    const due = this.#leaving.findIndex(({ dueMs }) => dueMs > this.#tickMs);
    const left = this.#leaving.splice(0, due < 0 ? this.#leaving.length : due);
    for (const { packet, dueMs } of left) this.#options.onSent?.(packet, dueMs);
    this.packetsLeft(this.#leaving.length);
  }

  /** A pause: the clock catches up with what was sent early, and then silence is sent. */
  #rest(sender: SpeechSender): void {
    this.#isSounding = false;
    if (this.#pass(sender)) sender.send(null, this.#tickMs);
  }

  /** Time goes by without a packet; false when everything up to the last tick was sent. */
  #pass(sender: SpeechSender): boolean {
    this.#early = 0;
    if (this.#ahead >= 0) return false;
    sender.advance(-this.#ahead);
    this.#ahead = 0;
    return true;
  }

  override cleanup(): void {
    super.cleanup();
    this.pause();
  }

  /** The turn whose sound this timestamp belongs to; null when it is none of the last ones. */
  turnAt(rtpTimestamp: number): string | null {
    return (
      this.#spurts.findLast((spurt) => ((rtpTimestamp - spurt.rtpTimestamp) | 0) >= 0)?.turnId ??
      null
    );
  }

  protected override onSpurt({ turnId, agent }: PlayoutFrame, rtpTimestamp: number): void {
    this.#spurts = [...this.#spurts.slice(-7), { turnId, rtpTimestamp }];
    this.#options.tell({ type: 'bot-spurt', turnId, agent, rtpTimestamp });
  }

  protected override onVerdict(holdId: string, verdict: 'interrupt' | 'resume'): void {
    this.#options.tell({ type: 'verdict', holdId, verdict });
  }

  protected override onCut(): void {
    this.#options.tell({ type: 'stop-playback', rtpTimestamp: this.#sender?.timestamp ?? 0 });
  }
}
