import { SpeechOutput, type Direction, type Frame, type PlayoutFrame } from '@voicebus/core';
import type { ServerMessage } from '@voicebus/protocol';
import type { Pacer } from './pacer.ts';
import { timestampStep, type SpeechSender } from './speech-sender.ts';

export interface PacedOutputOptions {
  readonly pacer: Pacer;
  /** To the caller's page, by the fastest way there is. */
  readonly tell: (message: ServerMessage) => void;
  /** What leaves for the loudspeaker, 20 ms at a time, and when it was due: late packets play in time. */
  readonly onSent?: (packet: PlayoutFrame, dueMs: number) => void;
}

const packetMs = 20;

/** Plays the bot's speech to a connection, a packet every 20 ms. Without a connection it waits. */
export class PacedOutput extends SpeechOutput {
  readonly #options: PacedOutputOptions;
  #sender: SpeechSender | undefined;
  #leave: (() => void) | undefined;
  #isSuspended = false;
  /** The last packet was speech. */
  #isSounding = false;
  /** A spurt's first packet went out before its tick: the stream is 20 ms ahead of the clock. */
  #isAhead = false;
  /** How far the stream has come, and when that was sent at the earliest. */
  #streamMs = 0;
  #streamStartMs = Infinity;
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
    this.#isAhead = false;
    this.#streamMs = 0;
    this.#streamStartMs = Infinity;
    this.#leave = this.#options.pacer.add((ticks) => this.#tick(sender, ticks));
  }

  /** The path to the page is interrupted, or back: what is not played now is played then. */
  suspend(isSuspended: boolean): void {
    this.#isSuspended = isSuspended;
  }

  /** The connection is gone: nothing is played until there is another one. */
  pause(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#sender?.close();
    this.#sender = undefined;
  }

  protected override process(frame: Frame, direction: Direction): void {
    super.process(frame, direction);
    if (frame.kind === 'output-audio' && direction === 'downstream') this.#beginSpurt();
  }

  /** The first packet of a spurt does not wait for its tick, 10 ms in the mean: the answer is heard sooner. */
  #beginSpurt(): void {
    const sender = this.#sender;
    if (!sender || this.#isSuspended || this.#isSounding || this.#isAhead) return;
    const packet = this.nextPacket(timestampAfter(sender));
    if (!packet) return;
    this.#isSounding = true;
    this.#isAhead = true;
    this.#advance(sender, 1);
    this.#send(sender, packet);
  }

  #tick(sender: SpeechSender, ticks: number): void {
    const packet = this.#isSuspended ? null : this.nextPacket(timestampAfter(sender, ticks));
    this.#isSounding = packet !== null;
    // In the first pause the clock catches up with what was sent early.
    const isCaughtUp = !packet && this.#isAhead;
    if (isCaughtUp) this.#isAhead = false;
    this.#advance(sender, isCaughtUp ? ticks - 1 : ticks);
    if (!this.#isSuspended && !(isCaughtUp && ticks === 1)) this.#send(sender, packet);
  }

  #advance(sender: SpeechSender, ticks: number): void {
    sender.advance(ticks);
    this.#streamMs += ticks * packetMs;
  }

  #send(sender: SpeechSender, packet: PlayoutFrame | null): void {
    sender.send(packet);
    if (!packet) return;
    this.#streamStartMs = Math.min(this.#streamStartMs, this.clock.now() - this.#streamMs);
    this.#options.onSent?.(packet, this.#streamStartMs + this.#streamMs);
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

function timestampAfter(sender: SpeechSender, ticks = 1): number {
  return (sender.timestamp + ticks * timestampStep) >>> 0;
}
