import { encodeWords } from '@voicebus/testing';
import { describeSpeechToText } from '@voicebus/testing/speech-to-text-conformance';
import { DeepgramStandIn } from '@voicebus/testing/stand-ins/deepgram';
import { DeepgramSpeechToText } from './deepgram.ts';

for (const model of ['flux-general-en', 'nova-3']) {
  describeSpeechToText({
    name: `deepgram ${model}`,
    limitMs: 10_000,
    open: async () => {
      const standIn = await DeepgramStandIn.start();
      const speechToText = new DeepgramSpeechToText({
        apiKey: standIn.key,
        baseUrl: standIn.url,
        model,
        finalTimeoutMs: 5_000,
      });
      return {
        speechToText,
        speak: (text) => Promise.resolve(encodeWords(text)),
        breakDown: () => {
          // Gone, and not to be had again.
          const gone = { when: 'handshake', what: { status: 503 } } as const;
          standIn.faults.push(...Array.from({ length: 100 }, () => gone));
          standIn.cut();
        },
        close: async () => {
          await speechToText[Symbol.asyncDispose]();
          await standIn[Symbol.asyncDispose]();
        },
      };
    },
  });
}
