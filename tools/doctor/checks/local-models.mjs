import { runCommand } from '../../bootstrap/command.mjs';
import { inRepository, rootFolder } from '../../bootstrap/repository.mjs';
import { ok, todo } from '../findings.mjs';

/** A model of some hundred megabytes from a slow disk. */
const loadTimeoutMs = 40_000;

/** Loads a model of one's own, where it is one of the choices; else there is nothing to say. */
const checkOf = (name, part, script) => ({
  name,
  run: async ({ settings, toolchain, signal }) => {
    if (!settings.settings?.providers[part].includes('sherpa')) return [];
    const output = await runCommand(toolchain.nodeFile, [inRepository('tools', 'doctor', script)], {
      cwd: rootFolder,
      env: process.env,
      timeoutMs: loadTimeoutMs,
      signal,
    });
    return judgeLocalModel(JSON.parse(output.slice(output.indexOf('{'))));
  },
});

export const localRecogniser = checkOf('local recogniser', 'stt', 'ask-local-recogniser.mjs');
export const localVoices = checkOf('local voices', 'tts', 'ask-local-voices.mjs');

export function judgeLocalModel({ folder, works, problem }) {
  return [works ? ok(`the model in ${folder} works`) : todo(problem)];
}
