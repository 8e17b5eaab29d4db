/** Samples that one probability is computed from: 32 ms at 16 kHz. */
export const vadWindowSamples = 512;

/** One caller's detector; it carries state from window to window. */
export interface VoiceActivityStream extends AsyncDisposable {
  /** Probability (0 to 1) that these 512 samples (16 kHz, −1 to 1) hold speech. */
  probability(window: Float32Array): Promise<number>;
  reset(): void;
}

/** Port for voice activity detectors. */
export interface VoiceActivityDetector extends AsyncDisposable {
  readonly name: string;
  open(): Promise<VoiceActivityStream>;
}
