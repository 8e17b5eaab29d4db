import type { ClientMessage } from '@voicebus/protocol';
import type { Producer } from 'mediasoup-client/types';
import type { MediaLink } from '../media/media-link.ts';
import { MicrophoneInput } from '../microphone/microphone-input.ts';
import type { OnsetOptions } from '../vad/speech-onset.ts';
import { CallAudio } from './call-audio.ts';
import { sendFirstWords } from './first-words.ts';
import { MicrophoneChoice } from './microphone-choice.ts';
import type { PageAudio } from './page-audio.ts';
import type { SessionStores } from './session-stores.ts';
import type { Levels } from './voice-session.ts';

export interface CallerAudioOptions {
  readonly stores: SessionStores;
  readonly pageAudio: PageAudio;
  readonly onset: Partial<OnsetOptions>;
  readonly sendFast: (message: ClientMessage) => void;
  /** The media path of the call as it is now. */
  readonly link: () => MediaLink | null;
}

/** The hint that a muted caller speaks stays this long. */
const mutedHintMs = 3000;

/** Microphone and loudspeaker of one call, with what the page shows of them. */
export class CallerAudio {
  readonly #options: CallerAudioOptions;
  readonly #input: MicrophoneInput;
  readonly #audio: CallAudio;
  readonly choice: MicrophoneChoice;
  #hint: ReturnType<typeof setTimeout> | undefined;

  private constructor(options: CallerAudioOptions, input: MicrophoneInput, audio: CallAudio) {
    this.#options = options;
    this.#input = input;
    this.#audio = audio;
    const { stores, link } = options;
    this.choice = new MicrophoneChoice({ stores, input, link });
  }

  /** Asks for the microphone and records from that moment; rejects with a `MicrophoneError`. */
  static async open(options: CallerAudioOptions): Promise<CallerAudio> {
    const { stores, pageAudio, onset, sendFast } = options;
    pageAudio.prefetchModel();
    const context = await pageAudio.context();
    // Only a click may start it; some browsers answer this promise only after the first sound.
    void context.resume();
    const audio: CallAudio = new CallAudio({
      context,
      onset,
      sendFast,
      isGated: () => stores.gate() !== 'open',
      onHeard: ({ turnId, responseMs }) => {
        if (responseMs !== null) stores.responded({ turnId, ms: responseMs });
      },
      onMutedSpeech: () => opened.#showMutedSpeech(),
      onAutoplayBlocked: (autoplayBlocked) => stores.state.patch({ autoplayBlocked }),
    });
    const input = await MicrophoneInput.open({
      context,
      model: () => pageAudio.model(),
      deviceId: stores.state.get().microphoneId,
      onWindow: (window) => audio.window(window),
      onEvent: (event) => stores.microphone(event),
      onLost: () => void opened.choice.lost(),
      onVad: (vad) => stores.state.patch({ vad }),
    });
    const opened: CallerAudio = new CallerAudio(options, input, audio);
    return opened;
  }

  get heard() {
    return this.#audio.heard;
  }

  get playback() {
    return this.#audio.playback;
  }

  levels(): Levels {
    return { microphone: this.#input.level, bot: this.playback.level() };
  }

  deviceId(): string | null {
    return this.#input.deviceId;
  }

  /** What a call needs of it. */
  media(send: (message: ClientMessage) => boolean) {
    return {
      cloneTrack: () => this.#input.cloneTrack(),
      isGated: () => this.#options.stores.gate() !== 'open',
      onProducer: (producer: Producer) =>
        void sendFirstWords({ preroll: this.#input.preroll, producer, send }),
      play: (link: MediaLink) => this.#audio.play(link),
    };
  }

  listenForSpeech(): void {
    void this.#input.listenForSpeech();
  }

  /** Lets the microphone through or not, by mute and push to talk. */
  applyGate(producer: Producer | null): void {
    const gate = this.#options.stores.gate();
    if (gate === 'open') producer?.resume();
    else producer?.pause();
    // What was said while muted must not be sent from the recording either.
    if (gate !== 'open') this.#input.preroll.discard();
  }

  async resume(): Promise<void> {
    await this.#audio.resume().catch(() => {});
  }

  close(): void {
    clearTimeout(this.#hint);
    this.#audio.close();
    this.#input.close();
  }

  #showMutedSpeech(): void {
    const { state } = this.#options.stores;
    state.patch({ mutedSpeech: true });
    clearTimeout(this.#hint);
    this.#hint = setTimeout(() => state.patch({ mutedSpeech: false }), mutedHintMs);
  }
}
