import type { TurnOptions } from './turn-options.ts';

/** Words after which nobody stops on purpose. */
const unfinished = new Set(
  'a an and as at because but by for from if in into is like my of on or so than that the then to um uh er hmm well with your i'.split(
    ' ',
  ),
);

/** Whole answers that recognisers without punctuation give as they are. */
const complete = new Set([
  'yes',
  'no',
  'yeah',
  'yep',
  'nope',
  'okay',
  'ok',
  'sure',
  'thanks',
  'thank you',
  'yes please',
  'no thanks',
  'no thank you',
  'goodbye',
  'bye',
  'hello',
  'hi',
  'stop',
  'that is all',
  "that's all",
  'correct',
  "that's right",
]);

/** How much silence ends the turn, given what was understood so far and whether somebody else judges it. */
export function endpointMs(partial: string, options: TurnOptions, isJudged = false): number {
  if (isJudged) return options.endpointJudgedMs;
  const text = partial.trim().toLowerCase();
  const words = text.replaceAll(/[^\p{L}\p{N}' ]/gu, '').split(/\s+/);
  if (unfinished.has(words.at(-1) ?? '')) return options.endpointUnfinishedMs;
  if (/[.?!]$/.test(text) || complete.has(words.join(' '))) return options.endpointCompleteMs;
  return options.endpointMs;
}
