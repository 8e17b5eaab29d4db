import { runCommand } from '../../bootstrap/command.mjs';
import { inRepository, rootFolder } from '../../bootstrap/repository.mjs';
import { ok, todo } from '../findings.mjs';

const askTimeoutMs = 20_000;
/** Faults that say nothing about the settings: this machine may have no way out. */
const unreached = ['network', 'late', 'overloaded', 'rate-limit'];

export const languageModel = {
  name: 'language model',
  run: async ({ environment, settings, toolchain, signal }) => {
    const llm = settings.settings?.providers.llm;
    const hasKey = environment.OPENAI_API_KEY !== undefined;
    if (!llm?.includes('openai')) return judgeLanguageModel({ llm, hasKey });
    const output = await runCommand(
      toolchain.nodeFile,
      [inRepository('tools', 'doctor', 'ask-language-model.mjs')],
      { cwd: rootFolder, env: process.env, timeoutMs: askTimeoutMs, signal },
    );
    const answer = JSON.parse(output.slice(output.indexOf('{')));
    return judgeLanguageModel({ llm, hasKey, answer });
  },
};

/** The service's own words are in the services' own line: a call that meets the same says the same. */
export function judgeLanguageModel({ llm, hasKey, answer }) {
  if (!llm) return [ok('not looked at: the settings could not be read')];
  if (!llm.includes('openai')) {
    const idle = hasKey ? '; OPENAI_API_KEY is set, and LLM names others' : '';
    return [ok(`${llm.join(', then ')}${idle}`)];
  }
  const order = `${llm.join(', then ')} (${answer.model})`;
  if (answer.works) return [ok(`${order}: the service takes the settings`)];
  if (unreached.includes(answer.fault))
    return [
      ok(`${order}: nobody could be asked whether the settings are right: ${answer.problem}`),
    ];
  return [todo(`${order}: ${answer.problem}`)];
}
