import {
  audibleLevel,
  medianPitchHz,
  powerShareAt,
  scriptedProviders,
  scriptedTonesHz,
  speak,
  startTransportAgentProcess,
  VirtualCaller,
  type TransportAgentProcess,
} from '@voicebus/testing/system';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

/** The scripted voices take as long as this per character. */
const msPerCharacter = 50;
/**
 * The long answer would sound for twelve seconds more: silent within this, it was stopped. How soon is
 * measured by `npm run measure:calls`; here it would be a measurement of how busy the machine is.
 */
const stoppedWithinMs = 2_000;

let agent: TransportAgentProcess;
let sentence: Int16Array;
beforeAll(async () => {
  [agent, sentence] = await Promise.all([
    startTransportAgentProcess({ env: scriptedProviders }),
    speak('flite-slt', 'Hello there, my good friends.'),
  ]);
}, 40_000);
afterAll(() => agent.stop());

async function greeted(): Promise<VirtualCaller> {
  const caller = await VirtualCaller.call({ url: agent.url });
  await caller.untilEvent('bot-stopped-speaking');
  return caller;
}

/** Says the next of the script's turns, and waits until it was answered. */
async function turn(caller: VirtualCaller): Promise<void> {
  const after = caller.events.lastSequence;
  const spoken = await caller.say(sentence);
  const { turnId } = await caller.untilEvent('transcript-final', { after });
  await caller.untilSound(spoken.endedMs);
  await caller.untilEvent('bot-started-speaking', { after });
  expect(turnId).toBeTruthy();
  await caller.untilQuiet(700);
}

describe('a whole call by voice', () => {
  test('greeted, three turns, handed over and back, and good-bye', async () => {
    const caller = await greeted();
    expect(
      powerShareAt(caller.heard.recording().subarray(0, 8_000), scriptedTonesHz.greeter),
    ).toBeGreaterThan(0.9);
    await turn(caller); // hello there
    await turn(caller); // I need support
    const toSupport = await caller.untilEvent('handoff-active', {
      where: ({ to }) => to === 'support',
    });
    expect(toSupport.gapMs).toBeLessThan(stoppedWithinMs);
    const supportMs = performance.now();
    await turn(caller); // my lamp is broken
    const answer = caller.heard.recording(supportMs);
    expect(powerShareAt(trim(answer), scriptedTonesHz.support)).toBeGreaterThan(0.9);
    expect(Math.abs(medianPitchHz(answer) - scriptedTonesHz.support)).toBeLessThan(5);
    await turn(caller); // take me back
    await caller.untilEvent('handoff-active', {
      where: ({ from, to }) => from === 'support' && to === 'greeter',
    });
    await caller.say(sentence); // good-bye
    const { reason } = await caller.untilMessage('ended', 20_000);
    expect(reason).toBe('agent-ended');
    expect((await caller.ended).code).toBe(1000);
    const farewell = caller.events.of('bot-heard').at(-1);
    expect(farewell).toMatchObject({ interrupted: false });
    expect(caller.events.of('problem')).toEqual([]);
    expect(caller.events.of('transcript-final').map(({ text }) => text)).toEqual([
      'hello there',
      'I need support',
      'my lamp is broken',
      'take me back',
      'good-bye',
    ]);
    const sequences = caller.events.all.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    await caller.close();
  }, 60_000);

  test('text is taken while sound is on, and answered by voice', async () => {
    const caller = await greeted();
    const typedMs = performance.now();
    const messageId = caller.type('my lamp is broken');
    const final = await caller.untilEvent('transcript-final');
    expect(final).toMatchObject({ messageId, by: 'text', text: 'my lamp is broken' });
    await caller.untilSound(typedMs);
    caller.send({ type: 'end-call' });
    expect(await caller.untilMessage('ended')).toMatchObject({ reason: 'caller-ended' });
    await caller.close();
  });
});

describe('interrupting', () => {
  /** The bot is in the middle of twelve seconds. */
  async function midway(): Promise<{ caller: VirtualCaller; typedMs: number }> {
    const caller = await greeted();
    const typedMs = performance.now();
    caller.type('tell me everything');
    await caller.untilSound(typedMs);
    await vi.waitFor(() => {
      const heard = caller.events.of('bot-heard').at(-1)?.heardCharacters ?? 0;
      expect(heard).toBeGreaterThan(30);
    }, 10_000);
    return { caller, typedMs };
  }

  /** What was heard of the long answer, in characters, by counting sound. */
  const charactersSince = (caller: VirtualCaller, sinceMs: number): number =>
    (caller.heard.packets.filter(
      ({ arrivedMs, level }) => arrivedMs >= sinceMs && level >= audibleLevel,
    ).length *
      20) /
    msPerCharacter;

  test('by speech: the bot falls silent, and the context holds what was heard', async () => {
    const { caller, typedMs } = await midway();
    const after = caller.events.lastSequence;
    const saying = caller.say(sentence);
    const { verdict } = await caller.untilEvent('interruption', { after });
    expect(verdict).toBe('interrupt');
    const cut = await caller.untilEvent('bot-heard', {
      after,
      where: ({ interrupted }) => interrupted,
    });
    const silentMs = caller.heard.lastAudibleMs;
    const spoken = await saying;
    expect(silentMs - spoken.startedMs).toBeLessThan(stoppedWithinMs);
    const whole = caller.events.of('bot-text').findLast(({ turnId }) => turnId === cut.turnId);
    expect(cut.heardCharacters).toBeLessThan(whole?.text.length ?? 0);
    const sounded = charactersSince(caller, typedMs);
    expect(Math.abs(cut.heardCharacters - sounded)).toBeLessThan(15);
    expect(caller.events.of('turn-ended').some(({ interrupted }) => interrupted)).toBe(true);
    await caller.untilEvent('transcript-final', { after });
    await caller.close();
  });

  test('by the page: held at once, and cut with a verdict that names the hold', async () => {
    const { caller } = await midway();
    // A page says it when it hears speech. With a sixth of a second of it behind, a verdict has time on both
    // sides: speech takes the turn after half a second, and nothing is waited for longer than 800 ms.
    const saying = caller.say(sentence);
    await caller.microphone.untilSaid(160);
    const heldMs = performance.now();
    const holdId = caller.hold();
    const verdict = await caller.untilMessage('verdict');
    expect(verdict).toEqual({ type: 'verdict', holdId, verdict: 'interrupt' });
    expect(caller.heard.lastAudibleMs - heldMs).toBeLessThan(stoppedWithinMs);
    await saying;
    await caller.close();
  });

  test('a false alarm: held, and then it goes on from the last word', async () => {
    const { caller } = await midway();
    const heldMs = performance.now();
    const holdId = caller.hold();
    const verdict = await caller.untilMessage('verdict');
    expect(verdict).toEqual({ type: 'verdict', holdId, verdict: 'resume' });
    const heldAt = caller.events.of('bot-heard').at(-1)?.heardCharacters ?? 0;
    await caller.untilSound(heldMs + 400);
    await caller.untilEvent('bot-heard', {
      where: ({ heardCharacters, interrupted }) => !interrupted && heardCharacters > heldAt + 20,
    });
    expect(caller.events.of('interruption').map(({ verdict: ruled }) => ruled)).toEqual(['resume']);
    expect(caller.events.of('bot-stopped-speaking')).toHaveLength(1); // the greeting
    await caller.close();
  });

  test('by typing, and by a key', async () => {
    const { caller } = await midway();
    let after = caller.events.lastSequence;
    caller.type('my lamp is broken');
    expect(await caller.untilEvent('interruption', { after })).toMatchObject({ by: 'text' });
    await caller.untilEvent('bot-stopped-speaking', { after, where: (event) => event.interrupted });
    await caller.untilQuiet(700);
    caller.type('tell me everything');
    await caller.untilEvent('bot-started-speaking', { after: caller.events.lastSequence });
    after = caller.events.lastSequence;
    const pressedMs = performance.now();
    caller.sendFast({ type: 'interrupt' });
    expect(await caller.untilEvent('interruption', { after })).toMatchObject({ by: 'key' });
    await caller.untilQuiet(300);
    expect(caller.heard.lastAudibleMs - pressedMs).toBeLessThan(stoppedWithinMs);
    await caller.close();
  });
});

describe('when the network breaks', () => {
  test('the call goes on by sound, and events come by the data channel', async () => {
    const caller = await greeted();
    await caller.loseSignalling();
    const lostMs = performance.now();
    await caller.say(sentence);
    await caller.untilSound(lostMs);
    await caller.untilEvent('transcript-final');
    expect(caller.fastMessages).toBeGreaterThan(0);
    await caller.resume();
    await caller.untilEvent('caller-connected', { after: caller.events.lastSequence - 1 });
    const sequences = caller.events.all.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    await caller.close();
  });

  test('a mediasoup worker that dies costs the sound of a moment, not the call', async () => {
    const caller = await greeted();
    const children = await readFile(`/proc/${agent.pid}/task/${agent.pid}/children`, 'utf8');
    process.kill(Number(children.split(' ')[0]), 'SIGKILL');
    // The page notices that its connections are gone, and builds them anew.
    await caller.openMedia();
    const againMs = performance.now();
    caller.type('my lamp is broken');
    await caller.untilSound(againMs);
    await caller.say(sentence);
    await caller.untilEvent('transcript-final', { where: ({ by }) => by === 'voice' });
    expect(caller.events.of('session-started')).toHaveLength(1);
    await caller.close();
  });

  test('a new media path takes the place of a broken one, in the same call', async () => {
    const caller = await greeted();
    await caller.openMedia();
    const againMs = performance.now();
    caller.type('my lamp is broken');
    await caller.untilSound(againMs);
    await caller.say(sentence);
    await caller.untilEvent('transcript-final', { where: ({ by }) => by === 'voice' });
    await caller.close();
  });
});

/** Without the silence around it. */
function trim(pcm: Int16Array): Int16Array {
  const first = pcm.findIndex((sample) => Math.abs(sample) > 500);
  const last = pcm.findLastIndex((sample) => Math.abs(sample) > 500);
  return pcm.subarray(first, last);
}
