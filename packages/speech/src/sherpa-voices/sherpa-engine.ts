import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadSherpaPackage, settingError } from '../sherpa-package/sherpa-package.ts';

/** As much of sherpa-onnx's synthesiser as is used here. */
export interface SherpaEngine {
  /** Hz. */
  readonly sampleRate: number;
  readonly numSpeakers: number;
  /** On a thread of its own; `samples` from −1 to 1. */
  generateAsync(request: {
    readonly text: string;
    /** Which of the model's speakers, from 0. */
    readonly sid: number;
    readonly speed: number;
  }): Promise<{ readonly samples: Float32Array; readonly sampleRate: number }>;
}

interface SherpaModule {
  readonly OfflineTts: { createAsync(config: object): Promise<SherpaEngine> };
}

/** What a Kokoro model consists of, as sherpa-onnx publishes them. */
const files = ['model.onnx', 'voices.bin', 'tokens.txt', 'espeak-ng-data'] as const;
/** One clause in half of the time that it sounds for, on two cores. */
const threads = 2;

/** Loads the model of this folder. Every way in which that fails says what to do. */
export async function loadSherpaEngine(folder: string): Promise<SherpaEngine> {
  const absent = files.find((file) => !existsSync(join(folder, file)));
  if (absent !== undefined) {
    throw settingError(
      `SHERPA_VOICES_FOLDER names ${folder}, where there is no ${absent}. Unpack a Kokoro model of sherpa-onnx, and name its folder.`,
    );
  }
  const { OfflineTts } = await loadSherpaPackage<SherpaModule>('TTS');
  const [model, voices, tokens, dataDir] = files.map((file) => join(folder, file));
  try {
    return await OfflineTts.createAsync({
      model: {
        kokoro: { model, voices, tokens, dataDir },
        numThreads: threads,
        provider: 'cpu',
      },
      maxNumSentences: 1,
    });
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw settingError(`The model in SHERPA_VOICES_FOLDER (${folder}) cannot be loaded: ${reason}`);
  }
}
