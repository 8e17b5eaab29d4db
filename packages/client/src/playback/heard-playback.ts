import { type GateEvent, type GateState, nextGate, verdictDeadlineMs } from './playback-gate.ts';
import type { Playback, PlaybackBlock } from './playback.ts';
import { type HeardSpurt, type Spurt, SpurtWatch } from './spurts.ts';

/** Level (−50 dBFS) above which the bot counts as sounding. */
const soundingLevel = 0.003;
/** Echo in the room and in the canceller lasts about this long after the bot. */
const afterSoundMs = 300;
/** Per block of 10 ms: halves in 350 ms, like a room. */
const levelDecay = 0.98;

export interface HeardPlaybackOptions {
  readonly playback: Pick<Playback, 'position' | 'setAudible'>;
  readonly onHold: (hold: { readonly holdId: string; readonly playedRtpTimestamp: number }) => void;
  readonly onHeard: (spurt: HeardSpurt) => void;
  readonly now?: () => number;
  readonly createId?: () => string;
}

/** Joins the gate, the spurts and the player: what the caller hears, and when. */
export class HeardPlayback {
  readonly #options: HeardPlaybackOptions;
  readonly #spurts = new SpurtWatch();
  readonly #now: () => number;
  #gate: GateState = { kind: 'open' };
  #soundedMs = -Infinity;
  #loudest = 0;
  #holds = 0;

  constructor(options: HeardPlaybackOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  get gate(): GateState {
    return this.#gate;
  }

  /** True while speech could be an interruption, or an echo of the bot. */
  isSounding(): boolean {
    return this.#gate.kind === 'open' && this.#now() - this.#soundedMs < afterSoundMs;
  }

  /** The loudest that the bot just was, root mean square, 0–1. */
  botLevel(): number {
    return this.#loudest;
  }

  block(block: PlaybackBlock): void {
    this.#step({ type: 'tick' });
    if (block.level > soundingLevel) this.#soundedMs = this.#now();
    this.#loudest = Math.max(block.level, this.#loudest * levelDecay);
    const mayBeHeard = block.firstAudibleMs !== null && this.#spurts.isWaiting;
    if (this.#gate.kind === 'open' && !mayBeHeard) return;
    const position = this.#options.playback.position();
    if (position === null) return;
    this.#step({ type: 'played', rtpTimestamp: position });
    if (this.#gate.kind !== 'open' || block.firstAudibleMs === null) return;
    const heard = this.#spurts.audible(position, block.firstAudibleMs);
    if (heard) this.#options.onHeard(heard);
  }

  /** The caller speaks while the bot sounds: silence first, then the question. */
  speech(): void {
    const playedRtpTimestamp = this.#options.playback.position();
    if (playedRtpTimestamp === null || this.#gate.kind !== 'open') return;
    this.#holds += 1;
    const holdId = this.#options.createId?.() ?? `hold-${this.#holds}-${Math.round(this.#now())}`;
    this.#step({ type: 'speech', holdId, playedRtpTimestamp });
    this.#options.onHold({ holdId, playedRtpTimestamp });
    // The meter's blocks drive the deadline; they stop when the stream does.
    setTimeout(() => this.#step({ type: 'tick' }), verdictDeadlineMs + 1);
  }

  speechEnded(atMs: number): void {
    this.#spurts.speechEnded(atMs);
  }

  verdict(holdId: string, verdict: 'interrupt' | 'resume'): void {
    this.#step({ type: 'verdict', holdId, verdict });
  }

  stop(rtpTimestamp = this.#options.playback.position()): void {
    if (rtpTimestamp !== null) this.#step({ type: 'stop', rtpTimestamp });
  }

  spurt(spurt: Spurt): void {
    this.#spurts.announce(spurt);
    this.#step({ type: 'spurt', rtpTimestamp: spurt.rtpTimestamp });
  }

  botSpeaks(): void {
    this.#step({ type: 'bot-speaks' });
  }

  #step(event: GateEvent): void {
    // Only a verdict asks for it.
    const playedRtpTimestamp =
      event.type === 'verdict' ? (this.#options.playback.position() ?? 0) : 0;
    this.#gate = nextGate(this.#gate, event, { nowMs: this.#now(), playedRtpTimestamp });
    this.#options.playback.setAudible(this.#gate.kind === 'open');
  }
}
