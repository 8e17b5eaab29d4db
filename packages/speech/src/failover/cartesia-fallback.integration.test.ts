import type { CircuitChange } from '@voicebus/core';
import { ScriptedTextToSpeech } from '@voicebus/testing';
import type { ContextFault, FaultStage } from '@voicebus/testing/stand-ins/cartesia';
import { afterEach, describe, expect, it } from 'vitest';
import { VoicesUnderTest } from '../cartesia/test-voices.ts';
import { Spoken } from '../test-speech/spoken.ts';
import { FallbackTextToSpeech } from './fallback-text-to-speech.ts';

const text = 'Your order has left. It comes on Tuesday, and you need not be there. Good-bye!';
const stages: readonly FaultStage[] = ['before', 'middle', 'end'];
const faults: readonly ContextFault[] = [
  'cut',
  'close',
  'stall',
  'garbage',
  'half-json',
  'no-data',
  429,
  500,
];

let under: VoicesUnderTest;
afterEach(() => under[Symbol.asyncDispose]());

async function begin() {
  under = await VoicesUnderTest.open({ msPerCharacter: 50 });
  await under.voices.warmUp();
  const second = new ScriptedTextToSpeech({ clock: under.clock });
  const changes: CircuitChange[] = [];
  const chain = new FallbackTextToSpeech({
    clock: under.clock,
    providers: [under.voices, second],
    onChange: (change) => changes.push(change),
  });
  const say = (): Spoken => new Spoken(chain, text, 'bright');
  return { second, changes, say };
}

/** What the second voice was given to say, over all its attempts. */
const saidBy = (voice: ScriptedTextToSpeech): string =>
  voice.spoken.map(({ text: said }) => said).join('');

/** Each mark once and in order, up to the end; what the second voice said is the end of the text. */
function expectSaidOnce(spoken: Spoken, second: ScriptedTextToSpeech): void {
  const marks = spoken.marks.slice(0, -1).map(({ characters }) => characters);
  expect(marks).toEqual([...new Set(marks)].toSorted((one, other) => one - other));
  expect(marks.at(-1)).toBe(text.length);
  const rest = saidBy(second);
  expect(text.endsWith(rest)).toBe(true);
  // Nobody said a character that the other one said: both speak at 50 ms each, and pause 20 ms per word.
  const shortestMs = (text.length - 8) * 50;
  expect(spoken.soundMs).toBeLessThan(shortestMs + 14 * 40);
}

describe.each(stages)('a message whose first voice fails %s', (stage) => {
  it.each(faults)('by "%s" is said to its end, and nothing twice', async (fault) => {
    const { second, say } = await begin();
    // The same fault again, should the first voice be asked again.
    for (let times = 0; times < 2; times += 1) under.standIn.failContext(stage, fault);
    const spoken = say();
    await under.passUntil(spoken);
    expect(await spoken.ended).toBeNull();
    expectSaidOnce(spoken, second);
    if (stage === 'before') expect(saidBy(second)).toBe(text);
    if (stage === 'end') expect(saidBy(second)).toBe('');
    expect(under.voices.contexts).toBe(0);
  });
});
