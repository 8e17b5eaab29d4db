import type { ReplyRule } from './scripted-language-model.ts';
import type { ScriptedUtterance } from './scripted-speech-to-text.ts';

/**
 * A call of fixed words, for tests and measurements of what is ours: the recogniser, the model and the
 * voices take no time, so whatever is measured is the path between them.
 */
const turns = [
  'hello there',
  'I need support',
  'my lamp is broken',
  'take me back',
  'good-bye',
] as const;

/** A second: anything shorter is another "hello there", as often as a measurement needs it. */
const shortestTurnSamples = 16_000;

/** Every session goes through the same words. */
const positions = new Map<string, number>();

export function scriptedFinals({ sessionId, samples }: ScriptedUtterance): string {
  if (samples < shortestTurnSamples) return turns[0];
  const position = positions.get(sessionId) ?? 0;
  positions.set(sessionId, position + 1);
  if (positions.size > 1_000) positions.delete(positions.keys().next().value ?? '');
  return turns[position % turns.length] ?? '';
}

/** Twelve seconds at 50 ms per character: long enough to be interrupted. */
const everything = Array.from({ length: 20 }, (_, index) => `number ${10 + index},`).join(' ');

/** What a shop says, for whoever measures sentences of usual length: "sentence 3" is answered by the fourth. */
const sentences = [
  'Your order left our warehouse yesterday and should be with you on Tuesday.',
  'I can look up an order, change an address, or start a return for you.',
  'Did you say that you want to return the running shoes?',
  'Our shop is open from nine in the morning to six in the evening.',
  'The refund will be on your account in three to five working days.',
];

export const scriptedReply: ReplyRule = ({ agent, messages }) => {
  const words =
    messages.findLast(({ role }) => role === 'user' || role === 'developer')?.content ?? '';
  if (messages.at(-1)?.role === 'tool') return 'That did not work.';
  if (agent === 'greeter') {
    if (/welcome/i.test(words)) return 'Welcome to Acme.';
    if (/support/i.test(words)) {
      return {
        text: 'Let me connect you. ',
        toolCalls: [
          {
            name: 'transfer_to_agent',
            arguments: { agent: 'support', reason: 'The caller asks for help.' },
          },
        ],
      };
    }
  } else if (/back/i.test(words)) {
    return {
      toolCalls: [
        {
          name: 'transfer_to_agent',
          arguments: { agent: 'greeter', reason: 'Welcome them back.' },
        },
      ],
    };
  } else if (/asks for help/.test(words)) return 'This is support.';
  if (/everything/i.test(words)) return everything;
  const sentence = /^sentence (\d+)$/.exec(words);
  if (sentence) return sentences[Number(sentence[1]) % sentences.length] ?? '';
  if (/good-?bye/i.test(words))
    return { text: 'Good-bye. ', toolCalls: [{ name: 'end_call', arguments: {} }] };
  return 'I heard you.';
};
