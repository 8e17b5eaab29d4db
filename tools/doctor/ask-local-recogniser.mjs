// Loads the recogniser's model from the folder that the settings name, and prints how that went as JSON.
import { sherpaRecogniserConfig } from '../../packages/config/src/index.ts';
import { SherpaRecogniser } from '../../packages/speech/src/sherpa-recogniser/sherpa-recogniser.ts';

const { folder } = sherpaRecogniserConfig();
const recogniser = new SherpaRecogniser({ folder });
const answer = await recogniser.warmUp().then(
  () => ({ works: true }),
  (error) => ({ problem: error.message }),
);
await recogniser[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ folder, ...answer }));
