import type { WordTiming } from '@voicebus/core';
import type { EngineResult } from './streaming-engine.ts';

/** How long a word goes on after its last token was heard, where no other follows: two steps of a model. */
const lastTokenMs = 80;

/** What a result says, and when each word was said. Models that know capitals only are written small. */
export function heardWords({ text, tokens, timestamps }: EngineResult): {
  readonly text: string;
  readonly words: readonly WordTiming[];
} {
  const heard = text.trim().replaceAll(/\s+/g, ' ');
  const isShouted = heard === heard.toUpperCase();
  const written = (words: string): string => (isShouted ? words.toLowerCase() : words);
  const starts: { text: string; startMs: number; lastMs: number }[] = [];
  tokens.forEach((token, index) => {
    const ms = (timestamps[index] ?? 0) * 1000;
    const last = starts.at(-1);
    // SentencePiece writes the space before a word as ▁; sherpa-onnx gives it as a space.
    if (last === undefined || /^[ ▁]/.test(token))
      starts.push({ text: token.replace(/^[ ▁]+/, ''), startMs: ms, lastMs: ms });
    else {
      last.text += token;
      last.lastMs = ms;
    }
  });
  const words = starts
    .filter((word) => word.text !== '')
    .map((word, index, all) => ({
      text: written(word.text),
      startMs: word.startMs,
      endMs: Math.min(word.lastMs + lastTokenMs, all[index + 1]?.startMs ?? Infinity),
    }));
  // Times that are not those of these words are worth less than none.
  const isWhole = words.map((word) => word.text).join(' ') === written(heard);
  return { text: written(heard), words: isWhole ? words : [] };
}
