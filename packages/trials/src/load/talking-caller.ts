import { VirtualCaller } from '@voicebus/testing/system';
import { packetLateness, silentAt } from './heard-timing.ts';
import type { LoadFigures } from './load-figures.ts';

/** The bot speaks for a while before it is interrupted. */
const listenMs = 1_000;

/**
 * One call through the fixed words of the scripted providers: hello, a long answer that is interrupted by
 * asking for support, the lamp, and back. A fifth turn would end it.
 */
export async function talk(url: string, speech: Int16Array, figures: LoadFigures): Promise<void> {
  const caller = await VirtualCaller.call({ url });
  try {
    await caller.untilEvent('bot-stopped-speaking');
    await caller.untilQuiet(700);
    await takeTurn(caller, speech, figures);
    const asked = performance.now();
    caller.type('tell me everything');
    await caller.untilSound(asked);
    await new Promise((resolve) => setTimeout(resolve, listenMs));
    const { startedMs } = await takeTurn(caller, speech, figures);
    const silentMs = silentAt(caller.heard.packets, startedMs);
    if (silentMs !== null) figures.interruption.push(silentMs - startedMs);
    await takeTurn(caller, speech, figures);
    await takeTurn(caller, speech, figures);
    // The first one is the welcome.
    const gaps = caller.events.of('handoff-active').filter(({ from }) => from !== undefined);
    figures.handoffGap.push(...gaps.map(({ gapMs }) => gapMs));
    figures.packetLateness.push(...packetLateness(caller.heard.packets));
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
