import { announcedAddress } from './announced-address.mjs';
import { clock } from './clock.mjs';
import { diskSpace } from './disk-space.mjs';
import { keys } from './keys.mjs';
import { localRecogniser, localVoices } from './local-models.mjs';
import { mediaWorker } from './media-worker.mjs';
import { memory } from './memory.mjs';
import { microphone } from './microphone.mjs';
import { node } from './node.mjs';
import { origins } from './origins.mjs';
import { packages } from './packages.mjs';
import { ports } from './ports.mjs';
import { recogniser } from './recogniser.mjs';
import { secret } from './secret.mjs';
import { languageModel, speechToText, textToSpeech } from './services.mjs';
import { settings } from './settings.mjs';
import { toolchain } from './toolchain.mjs';

/** In the order in which one needs the other. @type {import('../findings.mjs').Check[]} */
export const checks = [
  node,
  toolchain,
  packages,
  mediaWorker,
  recogniser,
  settings,
  secret,
  keys,
  speechToText,
  languageModel,
  textToSpeech,
  localRecogniser,
  localVoices,
  ports,
  announcedAddress,
  microphone,
  origins,
  clock,
  diskSpace,
  memory,
];
