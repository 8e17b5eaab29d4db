import { BrowserVad, type SpeechModel, type SpeechWindow } from '../vad/browser-vad.ts';
import type { MicrophoneEvent } from './microphone-state.ts';
import { MicrophoneTap } from './microphone-tap.ts';
import { openMicrophone } from './open-microphone.ts';
import { Preroll } from './preroll.ts';
import { SilenceWatch } from './silence-watch.ts';

export interface MicrophoneInputOptions {
  readonly context: AudioContext;
  /** Asked for once the call stands. */
  readonly model: () => Promise<SpeechModel>;
  readonly deviceId: string | null;
  readonly onWindow: (window: SpeechWindow) => void;
  readonly onEvent: (event: MicrophoneEvent) => void;
  /** It was unplugged, or permission was taken back. */
  readonly onLost: () => void;
  readonly onVad: (state: 'loading' | 'ready' | 'failed') => void;
}

/** The opened microphone: one stream that feeds the call, the recording of the first words and the VAD. */
export class MicrophoneInput {
  readonly #options: MicrophoneInputOptions;
  readonly preroll = new Preroll();
  #stream: MediaStream;
  #tap: MicrophoneTap;
  #vad: BrowserVad | null = null;
  #silence = new SilenceWatch();
  #level = 0;
  #closed = false;

  private constructor(options: MicrophoneInputOptions, stream: MediaStream) {
    this.#options = options;
    this.#stream = stream;
    this.#tap = this.#listen();
  }

  static async open(options: MicrophoneInputOptions): Promise<MicrophoneInput> {
    return new MicrophoneInput(options, await openMicrophone(options.deviceId));
  }

  /** Root mean square of the last 32 ms, 0–1. */
  get level(): number {
    return this.#level;
  }

  get deviceId(): string | null {
    return this.#stream.getAudioTracks()[0]?.getSettings().deviceId ?? null;
  }

  /** What the system calls it; empty when it does not say. */
  get label(): string {
    return this.#stream.getAudioTracks()[0]?.label ?? '';
  }

  /** False once it was unplugged or taken away. */
  get isLive(): boolean {
    return this.#stream.getAudioTracks()[0]?.readyState === 'live';
  }

  /**
   * A copy for the producer, which disables it when the caller mutes: the original goes on feeding the
   * tap, so that the page can still say "you are muted".
   */
  cloneTrack(): MediaStreamTrack | null {
    return this.#stream.getAudioTracks()[0]?.clone() ?? null;
  }

  /** Changes the device, by default to the system's; the old one is kept until the new one is open. */
  async switchTo(deviceId: string | null): Promise<void> {
    const stream = await openMicrophone(deviceId);
    if (this.#closed) {
      for (const track of stream.getTracks()) track.stop();
      return;
    }
    this.#release();
    this.#stream = stream;
    this.#silence = new SilenceWatch();
    this.#tap = this.#listen();
  }

  close(): void {
    this.#closed = true;
    this.#vad?.close();
    this.preroll.discard();
    this.#release();
  }

  #listen(): MicrophoneTap {
    const track = this.#stream.getAudioTracks()[0];
    track?.addEventListener('ended', () => {
      if (!this.#closed && this.#stream.getAudioTracks()[0] === track) this.#options.onLost();
    });
    return new MicrophoneTap(this.#options.context, this.#stream, (frame) => {
      this.#level = frame.level;
      this.preroll.add(frame.samples, frame.endMs);
      const change = this.#silence.add(frame.level, frame.endMs);
      if (change) this.#options.onEvent({ type: change });
      this.#vad?.add(frame);
    });
  }

  #release(): void {
    this.#tap.close();
    for (const track of this.#stream.getTracks()) track.stop();
  }

  /** Without the model the call still works: the server's own VAD rules in any case. */
  async listenForSpeech(): Promise<void> {
    if (this.#vad || this.#closed) return;
    this.#options.onVad('loading');
    try {
      const model = await this.#options.model();
      if (this.#closed) return;
      this.#vad = new BrowserVad(model, this.#options.onWindow);
      this.#options.onVad('ready');
    } catch (error) {
      reportError(error);
      this.#options.onVad('failed');
    }
  }
}
