import { runCommand } from '../../bootstrap/command.mjs';
import { inRepository, rootFolder } from '../../bootstrap/repository.mjs';
import { ok, todo } from '../findings.mjs';

const askTimeoutMs = 20_000;
/** Faults that say nothing about the settings: this machine may have no way out. */
const unreached = ['network', 'late', 'overloaded', 'rate-limit'];

export const speechToText = {
  name: 'speech to text',
  run: async ({ environment, settings, toolchain, signal }) => {
    const stt = settings.settings?.providers.stt;
    const hasKey = environment.DEEPGRAM_API_KEY !== undefined;
    if (!stt?.includes('deepgram')) return judgeSpeechToText({ stt, hasKey });
    const output = await runCommand(
      toolchain.nodeFile,
      [inRepository('tools', 'doctor', 'ask-speech-to-text.mjs')],
      { cwd: rootFolder, env: process.env, timeoutMs: askTimeoutMs, signal },
    );
    const answer = JSON.parse(output.slice(output.indexOf('{')));
    return judgeSpeechToText({ stt, hasKey, answer });
  },
};

/** The service's own words are in the services' own line: a call that meets the same says the same. */
export function judgeSpeechToText({ stt, hasKey, answer }) {
  if (!stt) return [ok('not looked at: the settings could not be read')];
  const order = stt.join(', then ');
  if (!stt.includes('deepgram')) {
    const idle = hasKey ? '; DEEPGRAM_API_KEY is set, and STT names others' : '';
    return [ok(`${order}${idle}`)];
  }
  if (answer.works) return [ok(`${order}: the service takes the settings`)];
  if (unreached.includes(answer.fault))
    return [
      ok(`${order}: nobody could be asked whether the settings are right: ${answer.problem}`),
    ];
  return [todo(`${order}: ${answer.problem}`)];
}
