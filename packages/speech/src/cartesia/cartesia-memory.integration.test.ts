import { CartesiaStandIn } from '@voicebus/testing/stand-ins/cartesia';
import { growthPerTurn, holdTurns, mostBytesPerTurn } from '@voicebus/testing/system';
import { expect, it } from 'vitest';
import { Spoken } from '../test-speech/spoken.ts';
import { CartesiaVoices } from './cartesia-voices.ts';

it('holds nothing of 500 messages, of which some are interrupted and some break off', async () => {
  await using standIn = await CartesiaStandIn.start({ msPerCharacter: 5 });
  await using voices = new CartesiaVoices({ apiKey: standIn.apiKey, baseUrl: standIn.url });
  let spokenWell = 0;
  const samples = await holdTurns({
    turns: 500,
    playTurn: async (turn) => {
      const [isInterrupted, breaks] = [turn % 10 === 4, turn % 10 === 9];
      if (breaks) standIn.failContext('middle', turn % 20 === 9 ? 500 : 'half-json');
      const spoken = new Spoken(voices, 'Your order is on its way. It comes on Tuesday.', 'bright');
      if (isInterrupted) {
        await spoken.until(({ parts }) => parts.length > 0);
        spoken.stop();
      }
      if ((await spoken.ended) === null && !isInterrupted) spokenWell += 1;
    },
    forget: async () => {
      // A context that was cancelled ends a moment later.
      await standIn.until(() => standIn.liveContexts === 0);
      standIn.contexts.length = 0;
    },
  });
  expect(spokenWell).toBe(480);
  expect(voices.contexts).toBe(0);
  expect(growthPerTurn(samples)).toBeLessThan(mostBytesPerTurn);
}, 90_000);
