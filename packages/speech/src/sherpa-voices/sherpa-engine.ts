import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { providerError } from '@voicebus/core';

export const sherpaName = 'sherpa';

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

/** Not one of our dependencies: 32 MB for each platform, of use with a model only. */
const packageName = 'sherpa-onnx-node';
const installation = `pnpm add -w ${packageName}`;
/** What a Kokoro model consists of, as sherpa-onnx publishes them. */
const files = ['model.onnx', 'voices.bin', 'tokens.txt', 'espeak-ng-data'] as const;
/** One clause in half of the time that it sounds for, on two cores. */
const threads = 2;

/** Loads the model of this folder. Every way in which that fails says what to do. */
export async function loadSherpaEngine(folder: string): Promise<SherpaEngine> {
  const absent = files.find((file) => !existsSync(join(folder, file)));
  if (absent !== undefined) {
    throw setting(
      `SHERPA_VOICES_FOLDER names ${folder}, where there is no ${absent}. Unpack a Kokoro model of sherpa-onnx, and name its folder.`,
    );
  }
  const { OfflineTts } = await loadModule();
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
    throw setting(`The model in SHERPA_VOICES_FOLDER (${folder}) cannot be loaded: ${reason}`);
  }
}

async function loadModule(): Promise<SherpaModule> {
  try {
    // By a name that is not a literal: the package need not be there, also not for the compiler.
    const name: string = packageName;
    const loaded = (await import(name)) as { readonly default: SherpaModule };
    return loaded.default;
  } catch (thrown) {
    const isAbsent =
      thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';
    const reason = thrown instanceof Error ? `: ${thrown.message.split('\n')[0]}` : '';
    throw setting(
      isAbsent
        ? `TTS names sherpa, and ${packageName} is not installed: ${installation}`
        : `${packageName} cannot be loaded on this machine${reason}`,
    );
  }
}

export function setting(message: string): Error {
  return providerError({ provider: sherpaName, fault: 'setting', message });
}
