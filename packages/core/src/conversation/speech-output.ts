import { systemClock, type Clock } from '../clock/clock.ts';
import type { SessionEvents } from '../events/session-events.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';
import { PlayoutQueue, type Heard, type PlayoutFrame } from './playout-queue.ts';

/** Network and the browser's jitter buffer, when the page does not say what it has played. */
const inFlightMs = 80;
/** A pause inside a sentence is shorter, one between turns longer. */
const stoppedAfterMs = 200;

/**
 * The end of a call's pipeline at the caller's side: plays in order, tells how much was heard, says when
 * the bot sounds. A transport paces it by asking for the next packet every 20 ms.
 */
export class SpeechOutput extends FrameProcessor {
  readonly #queue = new PlayoutQueue({
    onHeard: (heard) => this.#heard(heard, false),
    onBarrier: (frame) => this.#passed(frame),
  });
  protected clock: Clock = systemClock;
  #events: SessionEvents | undefined;
  #speaking: { readonly turnId: string; readonly agent: string } | undefined;
  #lastPacketMs = -Infinity;
  #playedRtpTimestamp: number | null = null;
  #handoff:
    | {
        readonly handoffId: string;
        readonly from: string;
        readonly to: string;
        readonly sinceMs: number;
      }
    | undefined;
  #agent = '';
  #firstSent = '';
  #isClosed = false;

  constructor(name = 'speech-output') {
    super(name);
  }

  override attach({ clock, events }: PipelineEnvironment): void {
    this.clock = clock;
    this.#events = events;
  }

  /** The call is over, whoever still asks for packets: nothing more sounds, and nothing is told of it. */
  override cleanup(): void {
    this.#isClosed = true;
  }

  get isSpeaking(): boolean {
    return this.#speaking !== undefined;
  }

  /**
   * Called by the transport's pacer every 20 ms, with the timestamp that the packet would carry, and in how
   * many milliseconds it leaves: a transport may take what follows ahead of its time.
   */
  nextPacket(rtpTimestamp: number, leavesInMs = 0): PlayoutFrame | null {
    if (this.#isClosed) return null;
    const packet = this.#queue.next(rtpTimestamp, { isAhead: leavesInMs > 0 });
    if (packet) this.#sent(packet, { rtpTimestamp, leavesInMs });
    else if (this.#speaking && !this.#queue.isHeld && this.#isOver()) this.#stopped(false);
    return packet;
  }

  /** The transport tells the page; the base class has none. */
  protected onSpurt(_packet: PlayoutFrame, _rtpTimestamp: number): void {}
  protected onVerdict(_holdId: string, _verdict: 'interrupt' | 'resume'): void {}
  protected onCut(): void {}

  /** Of the packets taken ahead of their time, how many are not sent after all; a transport that takes some says. */
  protected packetsNotSent(): number {
    return 0;
  }

  /** Of the packets taken ahead of their time all but the last `waiting` have left. */
  protected packetsLeft(waiting: number): void {
    if (!this.#isClosed) this.#queue.left(waiting);
  }

  /** What was taken ahead of its time and has not left comes first again. */
  protected takeBack(): void {
    if (!this.#isClosed) this.#queue.takeBack(this.packetsNotSent());
  }

  protected override process(frame: Frame, direction: Direction): void {
    if (direction === 'upstream') {
      this.push(frame, direction);
      return;
    }
    switch (frame.kind) {
      case 'output-audio':
        this.#queue.audio(frame);
        return;
      case 'spoken-mark':
        this.#queue.mark(frame);
        return;
      case 'tts-message-end':
        this.#queue.messageEnd(frame);
        return;
      case 'agent-changed':
      case 'end':
      case 'flush':
        this.#queue.barrier(frame);
        return;
      case 'speech-hold':
        this.#playedRtpTimestamp = frame.playedRtpTimestamp;
        return;
      case 'output-hold':
        this.takeBack();
        this.#queue.hold();
        return;
      case 'output-resume':
        this.#queue.resume(this.#playedRtpTimestamp);
        this.#playedRtpTimestamp = null;
        if (frame.holdId != null) this.onVerdict(frame.holdId, 'resume');
        return;
      case 'interruption':
        this.#interrupt(frame);
        break;
      default:
        break;
    }
    this.push(frame);
  }

  #interrupt({ holdId }: Frame<'interruption'>): void {
    this.takeBack();
    const heard = this.#queue.interrupt({
      playedRtpTimestamp: this.#playedRtpTimestamp,
      inFlightMs,
    });
    this.#playedRtpTimestamp = null;
    if (holdId != null) this.onVerdict(holdId, 'interrupt');
    if (!this.#speaking) return;
    this.onCut();
    if (heard) this.#heard(heard, true);
    this.#stopped(true);
  }

  #sent(
    packet: PlayoutFrame,
    { rtpTimestamp, leavesInMs }: { readonly rtpTimestamp: number; readonly leavesInMs: number },
  ): void {
    if (this.#speaking?.agent !== packet.agent || this.#speaking.turnId !== packet.turnId) {
      if (this.#speaking) this.#stopped(false);
      this.#speaking = { turnId: packet.turnId, agent: packet.agent };
      this.onSpurt(packet, rtpTimestamp);
      this.#events?.emit('bot-started-speaking', this.#speaking);
      this.push(createFrame('bot-started-speaking', this.#speaking), 'upstream');
    }
    if (this.#firstSent !== packet.turnId) {
      this.#firstSent = packet.turnId;
      this.#events?.emit('audio-first-sent', this.#speaking);
    }
    this.#reached();
    this.#lastPacketMs = this.clock.now() + leavesInMs;
  }

  #isOver(): boolean {
    const quietMs = this.clock.now() - this.#lastPacketMs;
    return this.#queue.isEmpty ? quietMs >= stoppedAfterMs : quietMs >= 5 * stoppedAfterMs;
  }

  #stopped(interrupted: boolean): void {
    const speaking = this.#speaking;
    this.#speaking = undefined;
    if (!speaking) return;
    this.#events?.emit('bot-stopped-speaking', { ...speaking, interrupted });
    const frame = createFrame('bot-stopped-speaking', { ...speaking, interrupted });
    this.push(frame, 'upstream');
    this.push(frame);
  }

  #heard(heard: Heard, interrupted: boolean): void {
    this.#reached();
    this.push(createFrame('bot-heard', { ...heard, interrupted }));
  }

  /** Sound or text of the agent that has the floor now reached the caller. */
  #reached(): void {
    if (!this.#handoff) return;
    const { handoffId, from, to, sinceMs } = this.#handoff;
    this.#handoff = undefined;
    const gapMs = Math.max(0, this.clock.now() - Math.max(this.#lastPacketMs, sinceMs));
    this.#events?.emit('handoff-active', {
      handoffId,
      to,
      gapMs,
      ...(from === '' ? {} : { from }),
    });
  }

  #passed(frame: Frame): void {
    if (frame.kind === 'agent-changed') {
      const { handoffId, agent } = frame;
      this.#handoff =
        handoffId === null
          ? undefined
          : { handoffId, from: this.#agent, to: agent, sinceMs: this.clock.now() };
      this.#agent = agent;
    }
    this.push(frame);
  }
}
