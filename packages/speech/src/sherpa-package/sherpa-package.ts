import { providerError, type VoicebusError } from '@voicebus/core';

export const sherpaName = 'sherpa';

/** Not one of our dependencies: 32 MB for each platform, of use with a model only. */
const packageName = 'sherpa-onnx-node';
const installation = `pnpm add -w ${packageName}`;

/** sherpa-onnx itself; `setting` is what named it. Every way in which that fails says what to do. */
export async function loadSherpaPackage<Module>(setting: 'STT' | 'TTS'): Promise<Module> {
  try {
    // By a name that is not a literal: the package need not be there, also not for the compiler.
    const name: string = packageName;
    const loaded = (await import(name)) as { readonly default: Module };
    return loaded.default;
  } catch (thrown) {
    const isAbsent =
      thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';
    const reason = thrown instanceof Error ? `: ${thrown.message.split('\n')[0]}` : '';
    throw settingError(
      isAbsent
        ? `${setting} names sherpa, and ${packageName} is not installed: ${installation}`
        : `${packageName} cannot be loaded on this machine${reason}`,
    );
  }
}

/** Stays until somebody changes a setting, a file or what is installed. */
export function settingError(message: string): VoicebusError {
  return providerError({ provider: sherpaName, fault: 'setting', message });
}
