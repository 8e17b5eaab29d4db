import { runCommand } from '../../bootstrap/command.mjs';
import { inRepository, rootFolder } from '../../bootstrap/repository.mjs';
import { ok, todo } from '../findings.mjs';

const askTimeoutMs = 30_000;
/** Faults that say nothing about the settings: this machine may have no way out. */
const unreached = ['network', 'late', 'overloaded', 'rate-limit'];

export const textToSpeech = {
  name: 'text to speech',
  run: async ({ environment, settings, toolchain, signal }) => {
    const tts = settings.settings?.providers.tts;
    const hasKey = environment.CARTESIA_API_KEY !== undefined;
    if (!tts?.includes('cartesia')) return judgeTextToSpeech({ tts, hasKey });
    const output = await runCommand(
      toolchain.nodeFile,
      [inRepository('tools', 'doctor', 'ask-text-to-speech.mjs')],
      { cwd: rootFolder, env: process.env, timeoutMs: askTimeoutMs, signal },
    );
    const answer = JSON.parse(output.slice(output.indexOf('{')));
    return judgeTextToSpeech({ tts, hasKey, answer });
  },
};

/** The service's own words are in the services' own line: a call that meets the same says the same. */
export function judgeTextToSpeech({ tts, hasKey, answer }) {
  if (!tts) return [ok('not looked at: the settings could not be read')];
  const order = tts.join(', then ');
  if (!tts.includes('cartesia')) {
    const idle = hasKey ? '; CARTESIA_API_KEY is set, and TTS names others' : '';
    return [ok(`${order}${idle}`)];
  }
  if (answer.works) return [ok(`${order}: the service takes the settings`)];
  if (unreached.includes(answer.fault))
    return [
      ok(`${order}: nobody could be asked whether the settings are right: ${answer.problem}`),
    ];
  return [todo(`${order}: ${answer.problem}`)];
}
