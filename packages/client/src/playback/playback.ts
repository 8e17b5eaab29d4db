import { AudioClock } from '../media/audio-clock.ts';
import { fadeVolume } from './fade.ts';

/** 10 ms of what the bot's stream holds, before any local stop. */
export interface PlaybackBlock {
  /** Root mean square, 0–1. */
  readonly level: number;
  /** Page's time of the first audible sample, or null. */
  readonly firstAudibleMs: number | null;
}

/**
 * Plays the bot through an `<audio>` element, so that the browser's echo canceller knows the sound.
 *
 * The local stop is the element's own `volume`, faded in steps, and `muted` for iOS, where `volume`
 * cannot be set. The other way, a gain node between the stream and the element, would fade on the
 * sample, but every word would pass one more buffer all the time: its first sample came 19 to 29 ms
 * later in Chromium (12 of 12 tries), at the one place where each millisecond is response time. The
 * stream is measured beside the element, not in its path; what leaves the loudspeaker is that level
 * times the volume.
 */
export class Playback {
  readonly #element = new Audio();
  #receiver: RTCRtpReceiver | null = null;
  #source: MediaStreamAudioSourceNode | null = null;
  #meter: AudioWorkletNode | null = null;
  #clock = new AudioClock();
  #streamLevel = 0;
  #audible = true;

  constructor() {
    this.#element.autoplay = true;
    this.#element.setAttribute('playsinline', '');
  }

  /** Rejects when the browser wants a click before it plays anything. */
  async start(options: {
    readonly context: AudioContext;
    readonly track: MediaStreamTrack;
    readonly receiver: RTCRtpReceiver | null;
    readonly onBlock: (block: PlaybackBlock) => void;
  }): Promise<void> {
    this.stop();
    const stream = new MediaStream([options.track]);
    this.#receiver = options.receiver;
    this.#element.srcObject = stream;
    this.#source = new MediaStreamAudioSourceNode(options.context, { mediaStream: stream });
    this.#meter = new AudioWorkletNode(options.context, 'playback-meter', { numberOfOutputs: 0 });
    this.#meter.port.onmessage = (event: MessageEvent<MeterMessage>) => {
      const { level, firstAudible, endTime } = event.data;
      this.#clock.observe(endTime, performance.now());
      this.#streamLevel = level;
      const firstAudibleMs = firstAudible === null ? null : this.#clock.toPageMs(firstAudible);
      options.onBlock({ level, firstAudibleMs });
    };
    this.#source.connect(this.#meter);
    await this.#element.play();
  }

  /** After a click, when `start` was refused. */
  async resume(): Promise<void> {
    await this.#element.play();
  }

  stop(): void {
    if (this.#meter) this.#meter.port.onmessage = null;
    this.#source?.disconnect();
    this.#meter?.disconnect();
    this.#element.srcObject = null;
    this.#receiver = null;
    this.#source = null;
    this.#meter = null;
    this.#streamLevel = 0;
    this.setAudible(true);
  }

  /** Silence and sound again, each within 20 ms. */
  setAudible(audible: boolean): void {
    if (audible === this.#audible) return;
    this.#audible = audible;
    fadeVolume(this.#element, audible ? 1 : 0);
  }

  async setSpeaker(deviceId: string): Promise<void> {
    if ('setSinkId' in this.#element) await this.#element.setSinkId(deviceId);
  }

  /** Root mean square (0–1) of what leaves the loudspeaker now, after any local stop. */
  level(): number {
    const { muted, volume, paused } = this.#element;
    return muted || paused ? 0 : this.#streamLevel * volume;
  }

  /**
   * RTP timestamp (48 kHz) of the packet that is played now; null before the first. Asked for only when it
   * is needed: the page stands still until another thread has answered.
   */
  position(): number | null {
    return this.#receiver?.getSynchronizationSources()[0]?.rtpTimestamp ?? null;
  }
}

interface MeterMessage {
  readonly level: number;
  readonly firstAudible: number | null;
  readonly endTime: number;
}
