import { AudioBacklog } from '../backlog/audio-backlog.ts';

/** What happened in a call, in order, for a recogniser that hears it later. */
export type TapeEvent =
  | { readonly type: 'sound'; readonly pcm: Int16Array }
  | { readonly type: 'start' | 'end'; readonly utteranceId: string };

/** 30 s at 16 kHz, 960 kB: who speaks longer in one breath loses the beginning, and only when a provider dies. */
const tapeSamples = 480_000;
/** 300 ms, as recognisers keep themselves: what is said before it is noticed. */
const beforeSamples = 4_800;

interface Mark {
  readonly id: string;
  readonly start: number;
  end: number | null;
}

/** The utterances that have no final yet, and their sound. */
export class CallTape {
  readonly #backlog = new AudioBacklog(tapeSamples);
  #marks: Mark[] = [];
  /** Sound before this has been answered: it is nobody else's beginning. */
  #settled = 0;

  write(pcm: Int16Array): void {
    this.#backlog.write(pcm);
    this.#trim();
  }

  start(id: string): void {
    this.#marks.push({ id, start: this.#backlog.end, end: null });
  }

  /** False where no such utterance runs. */
  end(id: string): boolean {
    const mark = this.#marks.at(-1);
    if (mark?.id !== id || mark.end !== null) return false;
    mark.end = this.#backlog.end;
    return true;
  }

  /** It has its final, and need not be heard again. */
  settle(id: string): void {
    const mark = this.#marks.find((other) => other.id === id);
    this.#settled = Math.max(this.#settled, mark?.end ?? 0);
    this.#marks = this.#marks.filter((other) => other !== mark);
    this.#trim();
  }

  get isIdle(): boolean {
    return this.#marks.length === 0;
  }

  isPending(id: string): boolean {
    return this.#marks.some((mark) => mark.id === id);
  }

  /** The utterance that has no end yet. */
  get runningId(): string | null {
    const last = this.#marks.at(-1);
    return last?.end === null ? last.id : null;
  }

  /** Everything that a recogniser needs who comes in now; the sound that is to come joins on. */
  *play(): Generator<TapeEvent> {
    this.#backlog.flush();
    const marks = [...this.#marks];
    const edges = marks
      .flatMap(({ id, start, end }) => [
        { at: start, type: 'start' as const, id },
        ...(end === null ? [] : [{ at: end, type: 'end' as const, id }]),
      ])
      .sort((one, other) => one.at - other.at);
    let cursor = this.#fromSample();
    for (const { at, type, id } of [...edges, { at: Infinity, type: null, id: '' }]) {
      for (let chunk = this.#backlog.next(cursor); chunk && chunk.start < at;) {
        const pcm = chunk.pcm.subarray(0, Math.min(chunk.pcm.length, at - chunk.start));
        yield { type: 'sound', pcm };
        cursor = chunk.start + pcm.length;
        chunk = this.#backlog.next(cursor);
      }
      if (type !== null) yield { type, utteranceId: id };
    }
  }

  #trim(): void {
    this.#backlog.forget(this.#fromSample());
  }

  #fromSample(): number {
    const start = this.#marks[0]?.start ?? this.#backlog.end;
    return Math.max(this.#settled, start - beforeSamples);
  }
}
