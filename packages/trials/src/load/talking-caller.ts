import { speak, VirtualCaller, type VirtualCallerOptions } from '@voicebus/testing/system';
import { packetLateness } from '../report/packet-lateness.ts';
import { audiblePackets, silentAt } from './heard-timing.ts';
import type { LoadFigures } from './load-figures.ts';

/** The bot speaks for a while before it is interrupted. */
const listenMs = 1_000;

/**
 * Scripted recognisers hear their own words in these, turn by turn; real ones hear what is said. Each is longer
 * than a second: shorter sound is another "hello" to the scripted one.
 */
const turns = {
  hello: 'Hello there, my good friends.',
  support: 'Wait, I need to talk to support, please.',
  lamp: 'My lamp is broken. Can you help me?',
  back: 'Please take me back to the greeter.',
} as const;

export type SpokenTurns = Readonly<Record<keyof typeof turns, Int16Array>>;

export async function speakTheTurns(): Promise<SpokenTurns> {
  const [hello, support, lamp, back] = await Promise.all(
    [turns.hello, turns.support, turns.lamp, turns.back].map((text) => speak('flite-slt', text)),
  );
  if (!hello || !support || !lamp || !back) throw new Error('A turn was not spoken.');
  return { hello, support, lamp, back };
}

/**
 * One call: hello, a long answer that is interrupted by asking for support, the lamp, and back. A fifth turn
 * would end it.
 */
export async function talk(
  options: VirtualCallerOptions,
  speech: SpokenTurns,
  figures: LoadFigures,
): Promise<void> {
  const caller = await VirtualCaller.call(options);
  try {
    await caller.untilEvent('bot-stopped-speaking');
    await caller.untilQuiet(700);
    await takeTurn(caller, speech.hello, figures);
    const asked = performance.now();
    caller.type('tell me everything');
    await caller.untilSound(asked);
    await new Promise((resolve) => setTimeout(resolve, listenMs));
    const { startedMs } = await takeTurn(caller, speech.support, figures);
    const silentMs = silentAt(caller.heard.packets, startedMs);
    if (silentMs !== null) figures.interruption.push(silentMs - startedMs);
    await takeTurn(caller, speech.lamp, figures);
    await takeTurn(caller, speech.back, figures);
    // The first one is the welcome.
    const gaps = caller.events.of('handoff-active').filter(({ from }) => from !== undefined);
    figures.handoffGap.push(...gaps.map(({ gapMs }) => gapMs));
    figures.packetLateness.push(...packetLateness(audiblePackets(caller.heard.packets)));
  } finally {
    caller.send({ type: 'end-call' });
    await caller.close();
  }
}

async function takeTurn(
  caller: VirtualCaller,
  speech: Int16Array,
  figures: LoadFigures,
): Promise<{ startedMs: number }> {
  const after = caller.events.lastSequence;
  const { startedMs, endedMs } = await caller.say(speech);
  await caller.untilEvent('transcript-final', { after });
  const { arrivedMs } = await caller.untilSound(endedMs);
  figures.response.push(arrivedMs - endedMs);
  await caller.untilQuiet(700);
  return { startedMs };
}
