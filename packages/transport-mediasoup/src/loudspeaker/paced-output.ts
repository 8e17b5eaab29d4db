import { SpeechOutput, type PlayoutFrame } from '@voicebus/core';
import type { ServerMessage } from '@voicebus/protocol';
import type { Pacer } from './pacer.ts';
import type { SpeechSender } from './speech-sender.ts';

export interface PacedOutputOptions {
  readonly pacer: Pacer;
  /** To the caller's page, by the fastest way there is. */
  readonly tell: (message: ServerMessage) => void;
}

/** Plays the bot's speech to a connection, a packet every 20 ms. Without a connection it waits. */
export class PacedOutput extends SpeechOutput {
  readonly #options: PacedOutputOptions;
  #sender: SpeechSender | undefined;
  #leave: (() => void) | undefined;
  #isSuspended = false;
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
    this.#leave = this.#options.pacer.add((ticks) => {
      sender.advance(ticks);
      if (!this.#isSuspended) sender.send(this.nextPacket(sender.timestamp));
    });
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

  override cleanup(): void {
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
