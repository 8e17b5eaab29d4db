import type { CallCase } from './call-cases.ts';
import { callerMove } from './call-policy.ts';
import { wordErrors, wordsOf } from './word-errors.ts';

/** The caller's line to the bot: a real call, or a text conversation. */
export interface CallLine {
  /** Resolves when the bot has said its welcome. */
  readonly open: () => Promise<void>;
  /** Says it, and gives what was understood of it and what the bot answered. */
  readonly say: (text: string) => Promise<{ readonly understood: string; readonly heard: string }>;
  /** The right agent asked the right tool, and something was heard of it after. */
  readonly isAnswered: (tool: string) => boolean;
}

export interface CallResult {
  readonly need: string;
  readonly isSuccess: boolean;
  /** How often the need was stated. */
  readonly attempts: number;
  /** Empty for a success. */
  readonly why: string;
  readonly words: number;
  readonly wordErrors: number;
  readonly understood: readonly string[];
}

const maxAttempts = 3;
/** Number, confirmation, a yes, and each of them twice. */
const maxUtterances = 10;

/** One caller from the need to the answer or to giving up; whatever goes wrong is a result. */
export async function followCaller(wanted: CallCase, line: CallLine): Promise<CallResult> {
  const caller = new Caller(wanted, line);
  let why: string;
  try {
    await line.open();
    why = await caller.talk();
  } catch (thrown) {
    why = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown);
  }
  return caller.result(why);
}

class Caller {
  readonly #wanted: CallCase;
  readonly #line: CallLine;
  readonly #understood: string[] = [];
  #attempts = 0;
  #words = 0;
  #errors = 0;

  constructor(wanted: CallCase, line: CallLine) {
    this.#wanted = wanted;
    this.#line = line;
  }

  /** Gives why it failed; empty when it did not. */
  async talk(): Promise<string> {
    let next: string | null = null;
    let denial = '';
    for (let count = 0; count < maxUtterances; count += 1) {
      if (next === null && this.#attempts === maxAttempts) {
        return 'not understood in three attempts';
      }
      if (next === null) this.#attempts += 1;
      const heard = await this.#say(next ?? `${denial}${this.#need()}`);
      if (this.#line.isAnswered(this.#wanted.tool)) return '';
      const move = callerMove(heard, this.#wanted);
      next = move.type === 'say' ? move.text : null;
      denial = move.type === 'repeat' && move.isDenied ? 'No. ' : '';
    }
    return `no answer after ${maxUtterances} utterances`;
  }

  result(why: string): CallResult {
    return {
      need: this.#wanted.need,
      isSuccess: why === '' && this.#line.isAnswered(this.#wanted.tool),
      attempts: this.#attempts,
      why,
      words: this.#words,
      wordErrors: this.#errors,
      understood: this.#understood,
    };
  }

  /** People who were not understood say it in other words the second time. */
  #need(): string {
    const { need, inOtherWords } = this.#wanted;
    return this.#attempts === 2 ? inOtherWords : need;
  }

  async #say(text: string): Promise<string> {
    const { understood, heard } = await this.#line.say(text);
    this.#understood.push(understood);
    this.#words += wordsOf(text).length;
    this.#errors += wordErrors(wordsOf(text), wordsOf(understood));
    return heard;
  }
}
