import { CartesiaStandIn } from '@voicebus/testing/stand-ins/cartesia';
import { describeTextToSpeech } from '@voicebus/testing/text-to-speech-conformance';
import { CartesiaVoices } from './cartesia-voices.ts';

describeTextToSpeech({
  name: 'cartesia',
  limitMs: 10_000,
  open: async () => {
    const standIn = await CartesiaStandIn.start();
    const textToSpeech = new CartesiaVoices({ apiKey: standIn.apiKey, baseUrl: standIn.url });
    return {
      textToSpeech,
      failNext: () => standIn.failContext('middle', 'cut'),
      close: async () => {
        await textToSpeech[Symbol.asyncDispose]();
        await standIn[Symbol.asyncDispose]();
      },
    };
  },
});
