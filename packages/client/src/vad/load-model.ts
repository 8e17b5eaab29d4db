import { withDeadline } from '../deadline.ts';
import type { AssetsUrl } from '../media/audio-context.ts';
import type { SpeechModel } from './browser-vad.ts';

/**
 * Loads silero v5 and its runtime from the page's own origin. The library's own microphone class brings
 * a second audio worklet and ends speech 1.4 s late, so only its model is used, by its file: both
 * modules are named in the pinned version and would fail the build if they moved.
 */
export async function loadSpeechModel(assetsUrl: AssetsUrl): Promise<SpeechModel> {
  const [{ ort }, { Silero }] = await Promise.all([
    import('@ricky0123/vad-web/dist/real-time-vad.js'),
    import('@ricky0123/vad-web/dist/models/silero.js'),
  ]);
  ort.env.wasm.wasmPaths = assetsUrl;
  // More threads would need cross-origin isolation; one window takes about 1 ms on one.
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const loaded = Silero.new(ort, () => fetchModel(`${assetsUrl}silero_vad_v5.onnx`));
  // 17 MB the first time: 20 s allow for 7 Mbit/s, and the call goes on without it meanwhile.
  return withDeadline(loaded, { ms: 20_000, what: 'Loading the speech model' });
}

/** Brings the two big files into the browser's cache; a failure shows when they are needed. */
export function prefetchSpeechModel(assetsUrl: AssetsUrl): void {
  for (const file of ['silero_vad_v5.onnx', 'ort-wasm-simd-threaded.wasm']) {
    fetch(assetsUrl + file)
      .then((response) => response.arrayBuffer())
      .catch(() => {});
  }
}

async function fetchModel(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.arrayBuffer();
}
