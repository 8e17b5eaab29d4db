import { VirtualCaller } from '../caller/virtual-caller.ts';
import { speak, type TestVoice } from '../voices/test-voices.ts';
import type { CallCase } from './call-cases.ts';
import { followCaller, type CallLine, type CallResult } from './call-flow.ts';
import { RoomNoise } from './room-noise.ts';

export interface CallOutcome extends CallResult {
  readonly voice: string;
  /** What happened, line by line. */
  readonly dialogue: string;
}

interface CallOptions {
  readonly url: string;
  readonly voice: TestVoice;
  readonly wanted: CallCase;
  /** How far the room's noise lies below the voice; undefined in a quiet room. */
  readonly noiseDb: number | undefined;
}

/** One whole call over real media; whatever goes wrong is an outcome. */
export async function makeCall(options: CallOptions): Promise<CallOutcome> {
  const line = new SpokenLine(options);
  const result = await followCaller(options.wanted, line);
  const dialogue = await line.close();
  return { ...result, voice: options.voice.name, dialogue };
}

class SpokenLine implements CallLine {
  readonly #options: CallOptions;
  #opened: VirtualCaller | undefined;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { url, voice, wanted, noiseDb } = this.#options;
    const caller = await VirtualCaller.call({ url });
    this.#opened = caller;
    if (noiseDb !== undefined) {
      const room = new RoomNoise(await speak(voice, wanted.need), noiseDb);
      caller.microphone.background = (samples) => room.next(samples);
    }
    await caller.untilSound(0);
    await caller.untilQuiet(900);
  }

  /** Gives what happened, line by line. */
  async close(): Promise<string> {
    const caller = this.#opened;
    if (!caller) return '';
    const dialogue = caller.events.describe();
    caller.send({ type: 'end-call' });
    await caller.untilMessage('ended').catch(() => {});
    await caller.close();
    return dialogue;
  }

  get #caller(): VirtualCaller {
    if (!this.#opened) throw new Error('The call does not stand.');
    return this.#opened;
  }

  /** A caller who gets no answer says it once more. */
  async say(text: string): Promise<{ understood: string; heard: string }> {
    const caller = this.#caller;
    const after = caller.events.lastSequence;
    const pcm = await speak(this.#options.voice, text);
    const { endedMs } = await caller.say(pcm);
    await caller.untilSound(endedMs, 6_000).catch(async () => {
      const again = await caller.say(pcm);
      return caller.untilSound(again.endedMs, 12_000);
    });
    await caller.untilQuiet(900, 60_000);
    const since = caller.events.all.filter(({ sequence }) => sequence > after);
    const finals = since.flatMap((event) =>
      event.type === 'transcript-final' ? [event.text] : [],
    );
    const messages = new Map<string, string>();
    for (const event of since)
      if (event.type === 'bot-text') messages.set(event.messageId, event.text);
    return { understood: finals.join(' '), heard: [...messages.values()].join(' ') };
  }

  isAnswered(tool: string): boolean {
    const { events } = this.#caller;
    const asked = events
      .of('tool-end')
      .find(
        ({ agent, name, status }) => agent === 'support' && name === tool && status === 'completed',
      );
    if (!asked) return false;
    return events
      .of('bot-heard')
      .some(
        ({ sequence, agent, heardCharacters }) =>
          sequence > asked.sequence && agent === 'support' && heardCharacters > 0,
      );
  }
}
