import { CallError } from '../failure.ts';

/** Where the worklets and the VAD's files are served, with a slash at the end. */
export type AssetsUrl = string;

/** One context for everything: a click starts it, and browsers limit how many may run. */
export async function openAudioContext(assetsUrl: AssetsUrl): Promise<AudioContext> {
  if (typeof AudioContext === 'undefined' || typeof AudioWorkletNode === 'undefined') {
    throw new CallError('browser-unsupported', 'This browser has no AudioWorklet');
  }
  const context = new AudioContext({ latencyHint: 'interactive' });
  try {
    await Promise.all([
      context.audioWorklet.addModule(`${assetsUrl}microphone-tap.worklet.js`),
      context.audioWorklet.addModule(`${assetsUrl}playback-meter.worklet.js`),
    ]);
    return context;
  } catch (error) {
    await context.close();
    throw CallError.from(error, 'media-failed');
  }
}
