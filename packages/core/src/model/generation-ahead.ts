import type { Clock } from '../clock/clock.ts';
import type { GenerateOptions, GenerationPart, LanguageModel } from './language-model.ts';

/** What is asked, without who waits for it. */
export type GenerationRequest = Omit<GenerateOptions, 'signal'>;

/** A turn that may be over is over, or goes on, within a second or two. */
const keptMs = 10_000;
/** A character each at least: as much as a generation may have in all. */
const mostParts = 20_000;

/** An answer under way, before anybody may hear it. */
interface Prepared {
  readonly key: string;
  readonly startedMs: number;
  readonly parts: GenerationPart[];
  readonly abort: AbortController;
  readonly cancelTimer: () => void;
  /** Resolved with each change, on either side, and replaced. */
  changed: PromiseWithResolvers<void>;
  /** How many of the parts were asked for and used; null until the answer is asked for. */
  read: number | null;
  isOver: boolean;
  thrown: unknown;
}

/**
 * A model that can be asked before the answer is due. One answer is prepared at a time, and given to the
 * request that asks for exactly the same; any other request drops it. What is prepared does nothing: its
 * calls are run by whoever asks for it.
 */
export class GenerationAhead implements LanguageModel {
  readonly #llm: LanguageModel;
  readonly #clock: () => Clock;
  #prepared: Prepared | undefined;

  constructor(llm: LanguageModel, clock: () => Clock) {
    this.#llm = llm;
    this.#clock = clock;
  }

  get name(): string {
    return this.#llm.name;
  }

  prepare(request: GenerationRequest): void {
    const key = keyOf(request);
    if (this.#prepared?.key === key) return;
    this.drop();
    const clock = this.#clock();
    const prepared: Prepared = {
      key,
      startedMs: clock.now(),
      parts: [],
      abort: new AbortController(),
      cancelTimer: clock.after(keptMs, () => this.drop()),
      changed: Promise.withResolvers(),
      read: null,
      isOver: false,
      thrown: null,
    };
    this.#prepared = prepared;
    void this.#fill(prepared, request);
  }

  /** It will not be asked for: its request ends. */
  drop(): void {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    prepared?.cancelTimer();
    prepared?.abort.abort();
  }

  /** How long before this request its answer was begun; null: it was not, or came to nothing. */
  aheadMs(request: GenerationRequest): number | null {
    const prepared = this.#prepared;
    if (!prepared || hasFailed(prepared) || prepared.key !== keyOf(request)) return null;
    return this.#clock().now() - prepared.startedMs;
  }

  async *generate(request: GenerateOptions): AsyncGenerator<GenerationPart, void> {
    const isPrepared = this.aheadMs(request) !== null;
    const prepared = this.#prepared;
    if (!prepared || !isPrepared) {
      this.drop();
      yield* this.#llm.generate(request);
      return;
    }
    this.#prepared = undefined;
    prepared.cancelTimer();
    yield* read(prepared, request.signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop();
    await this.#llm[Symbol.asyncDispose]();
  }

  async #fill(prepared: Prepared, request: GenerationRequest): Promise<void> {
    const { signal } = prepared.abort;
    try {
      for await (const part of this.#llm.generate({ ...request, signal })) {
        if (signal.aborted) break;
        prepared.parts.push(part);
        tell(prepared);
        if (prepared.parts.length >= mostParts) break;
        // Whoever reads it may have to pause: then this pauses, too.
        while (hasUnread(prepared) && !signal.aborted) await prepared.changed.promise;
      }
    } catch (thrown) {
      prepared.thrown = thrown;
    }
    prepared.isOver = true;
    tell(prepared);
  }
}

async function* read(
  prepared: Prepared,
  signal: AbortSignal,
): AsyncGenerator<GenerationPart, void> {
  const abort = (): void => {
    prepared.abort.abort();
    tell(prepared);
  };
  signal.addEventListener('abort', abort);
  prepared.read = 0;
  try {
    while (!signal.aborted) {
      const part = prepared.parts[prepared.read];
      if (part) {
        yield part;
        prepared.read += 1;
        tell(prepared);
      } else if (prepared.isOver) {
        if (prepared.thrown !== null) throw prepared.thrown;
        return;
      } else await prepared.changed.promise;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
}

function tell(prepared: Prepared): void {
  prepared.changed.resolve();
  prepared.changed = Promise.withResolvers();
}

function hasUnread({ read, parts }: Prepared): boolean {
  return read !== null && read < parts.length;
}

function hasFailed({ isOver, thrown, parts }: Prepared): boolean {
  return isOver && thrown !== null && parts.length === 0;
}

function keyOf({ agent, instructions, messages, tools, toolChoice }: GenerationRequest): string {
  return JSON.stringify([agent, instructions, messages, tools, toolChoice]);
}
