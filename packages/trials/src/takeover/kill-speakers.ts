import { setTimeout as delay } from 'node:timers/promises';
import { VirtualCaller } from '@voicebus/testing/system';
import type { ServedChannel } from './served-channel.ts';

export interface Takeovers {
  /** From the signal to the other replica's floor, and to its first word, milliseconds. */
  readonly floorMs: number[];
  readonly wordMs: number[];
  /** How often a caller had to be told that something is wrong. */
  readonly problems: number;
}

/** The agent that speaks gets this signal at a random moment of its sentence, again and again. */
export async function killSpeakers(
  channel: ServedChannel,
  { times, signal }: { readonly times: number; readonly signal: 'SIGKILL' | 'SIGSTOP' },
): Promise<Takeovers> {
  const floorMs: number[] = [];
  const wordMs: number[] = [];
  let problems = 0;
  for (let count = 0; count < times; count += 1) {
    const caller = await VirtualCaller.call({ url: channel.transport.url });
    await caller.untilEvent('bot-stopped-speaking');
    const speaker = await channel.speaker();
    const after = caller.events.lastSequence;
    caller.type('tell me everything');
    await caller.untilEvent('bot-started-speaking', { after });
    await delay(200 + Math.random() * 1_500);
    const killedMs = performance.now();
    speaker.process.kill(signal);
    const { sequence } = await caller.untilEvent('handoff-accepted', { after });
    floorMs.push(performance.now() - killedMs);
    // What its colleague had written is played out before it is heard.
    await caller.untilEvent('llm-first-token', { after: sequence });
    wordMs.push(performance.now() - killedMs);
    problems += caller.events.of('problem').length;
    speaker.process.kill('SIGKILL');
    caller.send({ type: 'end-call' });
    await caller.close();
    await channel.startAgain(speaker.name);
    // One lease, so that nobody is doubted for what was before.
    await delay(1_600);
  }
  return { floorMs, wordMs, problems };
}
