// Asks the language model's service whether it takes the settings, and prints what it says as JSON. Without
// the key: what prints it is one mistake away from a log.
import { openAIConfig } from '../../packages/config/src/index.ts';
import { faultOf, VoicebusError } from '../../packages/core/src/index.ts';
import { OpenAILanguageModel } from '../../packages/llm/src/openai/openai-language-model.ts';

const config = openAIConfig();
const model = new OpenAILanguageModel({ ...config, deadlines: { warmUpMs: 10_000 } });
const answer = await model.warmUp().then(
  () => ({ works: true }),
  (error) => ({
    problem: error.message,
    fault: error instanceof VoicebusError ? faultOf(error) : null,
  }),
);
await model[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ model: config.model, ...answer }));
