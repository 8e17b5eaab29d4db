import { providerError } from '@voicebus/core';
import { ScriptedTextToSpeech } from '../scripted-text-to-speech.ts';
import { describeTextToSpeech } from './describe-text-to-speech.ts';

describeTextToSpeech({
  name: 'scripted',
  limitMs: 5_000,
  open: () => {
    let isFailing = false;
    const textToSpeech = new ScriptedTextToSpeech({
      fault: () => {
        if (!isFailing) return undefined;
        isFailing = false;
        const error = providerError({ provider: 'scripted', fault: 'network', message: 'gone' });
        return { afterWords: 2, error };
      },
    });
    return Promise.resolve({
      textToSpeech,
      failNext: () => (isFailing = true),
      close: () => textToSpeech[Symbol.asyncDispose](),
    });
  },
});
