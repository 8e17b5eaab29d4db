import { afterAll, beforeAll, expect, test } from 'vitest';
import { CartesiaStandIn } from '../../packages/testing/src/system/stand-ins/cartesia/index.ts';
import { DeepgramStandIn } from '../../packages/testing/src/system/stand-ins/deepgram/index.ts';
import { OpenAIStandIn } from '../../packages/testing/src/system/stand-ins/openai/index.ts';
import { runCommand } from '../bootstrap/command.mjs';
import { inRepository, rootFolder } from '../bootstrap/repository.mjs';
import { judgeService, services } from './checks/services.mjs';

const rightKey = 'sk-right-0123456789';
const opened = new AsyncDisposableStack();
/** Where each service is, by its setting, and a key that it takes. */
let places;
beforeAll(async () => {
  const deepgram = opened.use(await DeepgramStandIn.start());
  const openai = opened.use(
    await OpenAIStandIn.start({ answers: () => 'Hello.', apiKey: rightKey }),
  );
  const cartesia = opened.use(await CartesiaStandIn.start());
  places = {
    STT: { key: deepgram.key, env: { DEEPGRAM_BASE_URL: deepgram.url } },
    LLM: {
      key: rightKey,
      env: { OPENAI_BASE_URL: openai.url, OPENAI_API: 'responses', OPENAI_MODEL: 'any' },
    },
    TTS: { key: cartesia.apiKey, env: { CARTESIA_BASE_URL: cartesia.url } },
  };
});
afterAll(() => opened.disposeAsync());

async function ask({ setting, key, script }, value) {
  const { PATH, HOME } = process.env;
  const output = await runCommand(process.execPath, [inRepository('tools', 'doctor', script)], {
    cwd: rootFolder,
    env: { PATH, HOME, ...places[setting].env, [key]: value },
    timeoutMs: 30_000,
  });
  return { output, answer: JSON.parse(output.slice(output.indexOf('{'))) };
}

/** As a call that meets it says it. */
const refusals = {
  STT: 'Deepgram does not accept the key in DEEPGRAM_API_KEY: "Invalid credentials". Put a valid one there (console.deepgram.com, API keys), or take deepgram out of STT.',
  LLM: 'OPENAI_API_KEY: "Incorrect API key provided: ',
  TTS: 'Cartesia refused CARTESIA_API_KEY: "Unauthorized: The API key is not valid". Make a new key at https://play.cartesia.ai/keys and set it.',
};

test.concurrent.each(Object.values(services))(
  '$service is asked by its own SDK: a key that it takes is right',
  async (part) => {
    const { answer } = await ask(part, places[part.setting].key);
    const [finding] = judgeService(part, { choices: [part.service], answer });
    expect(finding).toMatchObject({ text: expect.stringContaining('takes the settings') });
  },
);

test.concurrent.each(Object.values(services))(
  '$service is asked by its own SDK: one that it refuses is named, and not shown',
  async (part) => {
    const { answer, output } = await ask(part, 'sk_expired_0123456789');
    expect(answer.fault).toBe('key');
    const [finding] = judgeService(part, { choices: [part.service], answer });
    expect(finding.text).toContain(refusals[part.setting]);
    expect(finding.text).not.toContain('\n');
    expect(output).not.toContain('0123456789');
  },
);
