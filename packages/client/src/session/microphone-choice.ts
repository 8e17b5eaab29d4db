import type { MediaLink } from '../media/media-link.ts';
import type { MicrophoneInput } from '../microphone/microphone-input.ts';
import type { MicrophoneProblem } from '../microphone/microphone-state.ts';
import { MicrophoneError } from '../microphone/open-microphone.ts';
import type { SessionStores } from './session-stores.ts';

export interface MicrophoneChoiceOptions {
  readonly stores: SessionStores;
  readonly input: Pick<
    MicrophoneInput,
    'switchTo' | 'cloneTrack' | 'deviceId' | 'label' | 'isLive'
  >;
  /** The media path of the call as it is now. */
  readonly link: () => Pick<MediaLink, 'replaceTrack'> | null;
}

/** Which microphone a call uses: chosen by the caller, or found when one was unplugged. */
export class MicrophoneChoice {
  readonly #options: MicrophoneChoiceOptions;
  /** One change at a time: devices come and go in bursts. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: MicrophoneChoiceOptions) {
    this.#options = options;
  }

  /** Another one; when it does not open, the one before goes on. */
  choose(deviceId: string): Promise<void> {
    return this.#next(async () => {
      const { stores, input } = this.#options;
      const problem = await this.#open(deviceId);
      if (problem === null) return;
      if (!input.isLive) return stores.microphone({ type: 'refused', problem });
      stores.state.patch({ microphoneId: input.deviceId });
      stores.notice({ kind: 'microphone-refused', using: input.label, problem });
    });
  }

  /** It was unplugged: any other is better than none. */
  lost(): Promise<void> {
    this.#options.stores.microphone({ type: 'device-lost' });
    return this.recover();
  }

  /** A device came, or the caller asks to try again. Does nothing while one works. */
  recover(): Promise<void> {
    return this.#next(async () => {
      const { stores, input } = this.#options;
      if (input.isLive) return;
      const from = input.label;
      const problem = await this.#open(null);
      if (problem !== null) return stores.microphone({ type: 'refused', problem });
      stores.notice({ kind: 'microphone-replaced', from, to: input.label });
    });
  }

  async #open(deviceId: string | null): Promise<MicrophoneProblem | null> {
    const { stores, input, link } = this.#options;
    try {
      await input.switchTo(deviceId);
      const track = input.cloneTrack();
      if (track) await link()?.replaceTrack(track);
      stores.state.patch({ microphoneId: input.deviceId });
      stores.microphone({ type: 'granted', as: stores.gate() });
      return null;
    } catch (error) {
      return error instanceof MicrophoneError ? error.code : 'unsupported';
    }
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work);
    return this.#work;
  }
}
