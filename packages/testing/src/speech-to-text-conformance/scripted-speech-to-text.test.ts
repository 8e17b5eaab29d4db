import { ScriptedSpeechToText } from '../scripted-speech-to-text.ts';
import { encodeWords } from '../spoken-words.ts';
import { describeSpeechToText } from './describe-speech-to-text.ts';

describeSpeechToText({
  name: 'scripted',
  limitMs: 5_000,
  open: () => {
    const speechToText = new ScriptedSpeechToText();
    return Promise.resolve({
      speechToText,
      speak: (text) => Promise.resolve(encodeWords(text)),
      breakDown: () => speechToText.fail(new Error('gone')),
      close: () => speechToText[Symbol.asyncDispose](),
    });
  },
});
