import { VirtualCaller } from '../caller/virtual-caller.ts';
import { speak, type TestVoice } from '../voices/test-voices.ts';
import type { CallCase } from './call-cases.ts';
import { callerMove } from './call-policy.ts';
import { wordErrors, wordsOf } from './word-errors.ts';

export interface CallOutcome {
  readonly voice: string;
  readonly need: string;
  readonly isSuccess: boolean;
  /** How often the need was stated. */
  readonly attempts: number;
  /** Empty for a success. */
  readonly why: string;
  readonly words: number;
  readonly wordErrors: number;
  readonly understood: readonly string[];
  readonly dialogue: string;
}

interface CallOptions {
  readonly url: string;
  readonly voice: TestVoice;
  readonly wanted: CallCase;
}

const maxAttempts = 3;
/** Number, confirmation, a yes, and each of them twice. */
const maxUtterances = 10;

/** One whole call; whatever goes wrong is an outcome. */
export async function makeCall(options: CallOptions): Promise<CallOutcome> {
  const call = new Call(options);
  try {
    await call.run();
  } catch (thrown) {
    call.why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
  }
  return call.finish();
}

class Call {
  why = '';
  readonly #options: CallOptions;
  readonly #understood: string[] = [];
  #caller: VirtualCaller | undefined;
  #attempts = 0;
  #words = 0;
  #errors = 0;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { url, wanted } = this.#options;
    const caller = await VirtualCaller.call({ url });
    this.#caller = caller;
    await caller.untilSound(0);
    await caller.untilQuiet(900);
    let next: string | null = null;
    let denial = '';
    for (let count = 0; count < maxUtterances; count += 1) {
      if (next === null) this.#attempts += 1;
      if (this.#attempts > maxAttempts) {
        this.why = 'not understood in three attempts';
        return;
      }
      const heard = await this.#say(caller, next ?? `${denial}${this.#need()}`);
      if (this.#isAnswered(caller)) return;
      const move = callerMove(heard, wanted);
      next = move.type === 'say' ? move.text : null;
      denial = move.type === 'repeat' && move.isDenied ? 'No. ' : '';
    }
    this.why = `no answer after ${maxUtterances} utterances`;
  }

  async finish(): Promise<CallOutcome> {
    const caller = this.#caller;
    const isSuccess = this.why === '' && caller !== undefined && this.#isAnswered(caller);
    const dialogue = caller?.events.describe() ?? '';
    caller?.send({ type: 'end-call' });
    await caller?.untilMessage('ended').catch(() => {});
    await caller?.close();
    return {
      voice: this.#options.voice.name,
      need: this.#options.wanted.need,
      isSuccess,
      attempts: this.#attempts,
      why: this.why,
      words: this.#words,
      wordErrors: this.#errors,
      understood: this.#understood,
      dialogue,
    };
  }

  /** People who were not understood say it in other words the second time. */
  #need(): string {
    const { need, inOtherWords } = this.#options.wanted;
    return this.#attempts === 2 ? inOtherWords : need;
  }

  /** Says it, and gives what the bot says to it; a caller who gets no answer says it once more. */
  async #say(caller: VirtualCaller, text: string): Promise<string> {
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
    const understood = finals.join(' ');
    this.#understood.push(understood);
    this.#words += wordsOf(text).length;
    this.#errors += wordErrors(wordsOf(text), wordsOf(understood));
    const messages = new Map<string, string>();
    for (const event of since)
      if (event.type === 'bot-text') messages.set(event.messageId, event.text);
    return [...messages.values()].join(' ');
  }

  /** The right agent asked the right tool, and something was heard of it after. */
  #isAnswered(caller: VirtualCaller): boolean {
    const { tool } = this.#options.wanted;
    const asked = caller.events
      .of('tool-end')
      .find(
        ({ agent, name, status }) => agent === 'support' && name === tool && status === 'completed',
      );
    if (!asked) return false;
    return caller.events
      .of('bot-heard')
      .some(
        ({ sequence, agent, heardCharacters }) =>
          sequence > asked.sequence && agent === 'support' && heardCharacters > 0,
      );
  }
}
