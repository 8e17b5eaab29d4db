import type { SeededRandom } from '@voicebus/testing';
import { VirtualCaller } from '@voicebus/testing/system';

export interface SoakCall {
  readonly url: string;
  readonly audio: boolean;
  /** 16 kHz speech; null where no voice is installed: then callers with sound type. */
  readonly speech: Int16Array | null;
  readonly random: SeededRandom;
}

type Act = (caller: VirtualCaller, call: SoakCall) => Promise<unknown>;

const acts: Readonly<Record<string, Act>> = {
  ask: (caller) => answered(caller, 'hello'),
  handoff: (caller) => answered(caller, 'I need support'),
  'hand back': (caller) => answered(caller, 'take me back'),
  interrupt: async (caller) => {
    await answered(caller, 'tell me everything');
    caller.send({ type: 'interrupt' });
  },
  speak: async (caller, { audio, speech }) => {
    if (audio && speech) await caller.say(speech);
    else await answered(caller, 'hello');
  },
  reconnect: async (caller) => {
    await caller.loseSignalling();
    await caller.resume();
  },
  'new media path': async (caller, { audio }) => {
    if (audio) await caller.openMedia();
  },
};

const endings: readonly Act[] = [
  (caller) => answered(caller, 'good-bye').then(() => caller.ended),
  async (caller) => {
    caller.send({ type: 'end-call' });
    await caller.ended;
  },
  // Hangs up without a word: the session waits half a minute for its caller.
  () => Promise.resolve(),
];

/** One call: a few things at random, and one of the ways in which calls end. Gives its last act's name. */
export async function playCall(call: SoakCall): Promise<void> {
  const { url, audio, random } = call;
  const caller = await VirtualCaller.call({ url, audio });
  try {
    await caller.untilEvent('bot-text');
    for (let count = random.between(1, 6); count > 0; count -= 1) {
      const name = random.pick(Object.keys(acts));
      await acts[name]?.(caller, call);
    }
    await random.pick(endings)(caller, call);
  } finally {
    await caller.close();
  }
}

/** Typed words, and the first words of their answer. */
async function answered(caller: VirtualCaller, text: string): Promise<void> {
  const after = caller.events.lastSequence;
  caller.type(text);
  await caller.untilEvent('transcript-final', { after });
  await caller.untilEvent('llm-end', { after });
}
