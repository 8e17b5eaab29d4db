import { OpenAIStandIn, type StandInAnswer } from '@voicebus/testing/stand-ins/openai';
import { growthPerTurn, holdTurns, mostBytesPerTurn } from '@voicebus/testing/system';
import { expect, it } from 'vitest';
import { modelAt } from './test-model.ts';

/** Nine turns of ten are as usual; the tenth is interrupted, refused, or breaks off. */
const mishaps: readonly StandInAnswer[] = [
  { text: 'This one is interrupted by the caller.', msPerPiece: 1 },
  { fault: { type: 'status', status: 429, headers: { 'retry-after': '1' } } },
  { text: 'One two three four.', fault: { type: 'cut', after: 2 } },
];
const usual: StandInAnswer = {
  text: 'Your order is on its way.',
  toolCalls: [{ name: 'look_up_order', arguments: { orderNumber: '4271' } }],
};

it.each(['responses', 'chat'] as const)(
  'holds nothing of 500 turns by %s',
  async (api) => {
    const answers = (turn: number): StandInAnswer =>
      turn % 10 === 9 ? (mishaps[Math.floor(turn / 10) % mishaps.length] ?? usual) : usual;
    let turn = 0;
    await using standIn = await OpenAIStandIn.start({ answers: () => answers(turn) });
    await using openai = modelAt(standIn, { api });
    let ended = 0;
    const samples = await holdTurns({
      turns: 500,
      playTurn: async (number) => {
        turn = number;
        const abort = new AbortController();
        const parts = openai.generate({
          sessionId: 's1',
          agent: 'greeter',
          instructions: 'Be brief.',
          messages: [{ id: 'u1', role: 'user', content: 'Where is my order?' }],
          tools: [{ name: 'look_up_order', description: 'Looks.', parameters: { type: 'object' } }],
          signal: abort.signal,
        });
        try {
          for await (const part of parts) {
            if (part.type === 'finish') ended += 1;
            if (answers(turn) === mishaps[0]) abort.abort();
          }
        } catch {
          // A mishap of the script; what becomes of it is tested elsewhere.
        }
      },
      forget: () => void standIn.requests.splice(0),
    });
    expect(ended).toBe(540);
    expect(growthPerTurn(samples)).toBeLessThan(mostBytesPerTurn);
  },
  90_000,
);
