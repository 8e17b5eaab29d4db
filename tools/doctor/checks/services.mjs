import { runCommand } from '../../bootstrap/command.mjs';
import { inRepository, rootFolder } from '../../bootstrap/repository.mjs';
import { ok, todo } from '../findings.mjs';

const askTimeoutMs = 30_000;
/** Faults that say nothing about the settings: this machine may have no way out. */
const unreached = ['network', 'late', 'overloaded', 'rate-limit'];

/** The real services, each by the setting that names it and the key that it needs. */
export const services = {
  speechToText: {
    name: 'speech to text',
    setting: 'STT',
    service: 'deepgram',
    key: 'DEEPGRAM_API_KEY',
    script: 'ask-speech-to-text.mjs',
  },
  languageModel: {
    name: 'language model',
    setting: 'LLM',
    service: 'openai',
    key: 'OPENAI_API_KEY',
    script: 'ask-language-model.mjs',
  },
  textToSpeech: {
    name: 'text to speech',
    setting: 'TTS',
    service: 'cartesia',
    key: 'CARTESIA_API_KEY',
    script: 'ask-text-to-speech.mjs',
  },
};

/** Asks the service itself whether it takes the settings, where it is one of the choices. */
const checkOf = (part) => ({
  name: part.name,
  run: async ({ environment, settings, toolchain, signal }) => {
    const choices = settings.settings?.providers[part.setting.toLowerCase()];
    const hasKey = environment[part.key] !== undefined;
    if (!choices?.includes(part.service)) return judgeService(part, { choices, hasKey });
    const output = await runCommand(
      toolchain.nodeFile,
      [inRepository('tools', 'doctor', part.script)],
      { cwd: rootFolder, env: process.env, timeoutMs: askTimeoutMs, signal },
    );
    const answer = JSON.parse(output.slice(output.indexOf('{')));
    return judgeService(part, { choices, hasKey, answer });
  },
});

export const [speechToText, languageModel, textToSpeech] = Object.values(services).map(checkOf);

/** The service's own words are in the services' own line: a call that meets the same says the same. */
export function judgeService({ setting, service, key }, { choices, hasKey, answer }) {
  if (!choices) return [ok('not looked at: the settings could not be read')];
  const order = choices.join(', then ');
  if (!choices.includes(service))
    return [ok(hasKey ? `${order}; ${key} is set, and ${setting} names others` : order)];
  const asked = answer.model === undefined ? order : `${order} (${answer.model})`;
  if (answer.works) return [ok(`${asked}: the service takes the settings`)];
  if (unreached.includes(answer.fault))
    return [
      ok(`${asked}: nobody could be asked whether the settings are right: ${answer.problem}`),
    ];
  return [todo(`${asked}: ${answer.problem}`)];
}
