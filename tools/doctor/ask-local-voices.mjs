// Has the model of the folder that the settings name say a word, and prints how that went as JSON.
import { sherpaVoicesConfig } from '../../packages/config/src/index.ts';
import { SherpaVoices } from '../../packages/speech/src/sherpa-voices/sherpa-voices.ts';

const { folder, speakers } = sherpaVoicesConfig();
const voices = new SherpaVoices({ folder, speakers });
const answer = await voices.warmUp().then(
  () => ({ works: true }),
  (error) => ({ problem: error.message }),
);
await voices[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ folder, ...answer }));
