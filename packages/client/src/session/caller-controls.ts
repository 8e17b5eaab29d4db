import type { AudioDevices } from '../devices/devices.ts';
import type { Call } from './call.ts';
import type { CallerAudio } from './caller-audio.ts';
import type { SessionStores } from './session-stores.ts';

export interface CallerControlsOptions {
  readonly stores: SessionStores;
  readonly audio: () => CallerAudio | null;
  readonly call: () => Call | null;
}

/** What the caller sets: mute, push to talk and devices. It outlives a call. */
export class CallerControls {
  readonly #options: CallerControlsOptions;

  constructor(options: CallerControlsOptions) {
    this.#options = options;
  }

  setMuted(muted: boolean): void {
    this.#options.stores.state.patch({ muted, mutedSpeech: false });
    this.applyGate();
  }

  setPushToTalk(pushToTalk: boolean): void {
    this.#options.stores.state.patch({ pushToTalk, pressed: false });
    this.applyGate();
  }

  press(pressed: boolean): void {
    const { state } = this.#options.stores;
    if (pressed && !state.get().pushToTalk) return;
    state.patch({ pressed });
    this.applyGate();
  }

  /** What the microphone lets through goes for a new media path, too. */
  applyGate(): void {
    const { stores, audio, call } = this.#options;
    stores.savePreferences();
    const gate = stores.gate();
    stores.microphone({ type: 'gate', as: gate });
    const heard = audio();
    if (!heard) return;
    heard.applyGate(call()?.link?.producer ?? null);
    call()?.send({ type: 'mute', muted: gate !== 'open' });
  }

  async chooseMicrophone(microphoneId: string): Promise<void> {
    const { stores, audio } = this.#options;
    stores.state.patch({ microphoneId });
    // One that does not open is not chosen again the next time.
    await audio()?.choice.choose(microphoneId);
    stores.savePreferences();
  }

  async retryMicrophone(): Promise<void> {
    await this.#options.audio()?.choice.recover();
  }

  async chooseSpeaker(speakerId: string): Promise<void> {
    const { stores, audio } = this.#options;
    stores.state.patch({ speakerId });
    stores.savePreferences();
    await audio()?.playback.setSpeaker(speakerId).catch(reportError);
  }

  /** The bot plays where it was chosen to, on a new media path as on the one before. */
  applySpeaker(): void {
    const { stores, audio } = this.#options;
    const { speakerId } = stores.state.get();
    if (speakerId === null) return;
    void audio()
      ?.playback.setSpeaker(speakerId)
      .catch(() => {});
  }

  devicesChanged(devices: AudioDevices): void {
    const { stores, audio } = this.#options;
    stores.state.patch({ devices });
    const inUse = audio();
    if (!inUse) return;
    // One that was lost may be back, or another was plugged in.
    void inUse.choice.recover();
    const { speakerId } = stores.state.get();
    const isGone = !devices.speakers.some(({ id }) => id === speakerId);
    if (speakerId === null || devices.speakers.length === 0 || !isGone) return;
    stores.state.patch({ speakerId: null });
    stores.notice({ kind: 'speaker-gone' });
    void inUse.playback.setSpeaker('').catch(reportError);
  }
}
