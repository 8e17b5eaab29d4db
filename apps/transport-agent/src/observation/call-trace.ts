import {
  context,
  trace,
  type Attributes,
  type Span,
  type SpanKind,
  type Tracer,
} from '@opentelemetry/api';
import { SoundTally } from './sound-tally.ts';

/** What a span is about, by how its key begins; the turn that it belongs to comes next. */
export type SpanSubject = 'listening' | 'model' | 'tool' | 'speech' | 'handoff';

interface Begin {
  /** Subject, turn (or what else it is told apart by), more: with spaces between. */
  readonly key: string;
  readonly name: string;
  /** On the wall, as all times here. */
  readonly atMs: number;
  readonly turnId?: string;
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
}

interface End {
  readonly atMs: number;
  readonly attributes?: Attributes;
}

export interface OpenSpan {
  readonly key: string;
  readonly span: Span;
}

/** The spans of one call: its turns, and what runs inside a turn or beside all of them. */
export class CallTrace {
  readonly span: Span;
  /** What providers said of a part before the span that it belongs to began. */
  readonly early = new Map<'stt' | 'llm', Attributes>();
  /** Seconds heard since the last transcript (`listening`), spoken by the span of that key, and in all. */
  readonly sound = new SoundTally();
  /** When the caller was last heard to stop speaking. */
  speechEndedMs: number | null = null;
  readonly #tracer: Tracer;
  readonly #turns = new Map<string, Span>();
  readonly #open = new Map<string, Span>();

  constructor(tracer: Tracer, span: Span) {
    this.#tracer = tracer;
    this.span = span;
  }

  get(key: string): Span | undefined {
    return this.#open.get(key);
  }

  /** Those about this, oldest first; of one turn, or of the whole call. */
  about(subject: SpanSubject, turnId?: string): readonly OpenSpan[] {
    const begin = turnId === undefined ? `${subject} ` : `${subject} ${turnId} `;
    return [...this.#open].flatMap(([key, span]) => (key.startsWith(begin) ? [{ key, span }] : []));
  }

  /** The message that sounds: they are spoken one after the other, and the model is ahead of them. */
  sounding(turnId?: string): OpenSpan | undefined {
    return this.about('speech', turnId)[0];
  }

  begin(begin: Begin): void {
    this.end(begin.key, { atMs: begin.atMs });
    const parent = begin.turnId ? this.turn(begin.turnId, begin.atMs) : this.span;
    this.#open.set(begin.key, this.#child(parent, begin));
  }

  end(key: string | undefined, { atMs, attributes = {} }: End): void {
    if (key === undefined) return;
    this.#open.get(key)?.setAttributes(attributes).end(atMs);
    this.#open.delete(key);
    this.sound.take(key);
  }

  /** The span of a turn; it begins when it is first asked for. */
  turn(turnId: string, atMs: number): Span {
    const known = this.#turns.get(turnId);
    if (known) return known;
    const span = this.#child(this.span, { key: '', name: 'turn', atMs });
    span.setAttribute('voicebus.turn.id', turnId);
    this.#turns.set(turnId, span);
    return span;
  }

  turnIfOpen(turnId: string): Span | undefined {
    return this.#turns.get(turnId);
  }

  turnOrCall(turnId: string | undefined): Span {
    return (turnId === undefined ? undefined : this.#turns.get(turnId)) ?? this.span;
  }

  /** What the turn left open ends with it: an answer that was cut has no end of its own. */
  endTurn(turnId: string, atMs: number): void {
    for (const key of this.#open.keys()) if (key.split(' ')[1] === turnId) this.end(key, { atMs });
    this.#turns.get(turnId)?.end(atMs);
    this.#turns.delete(turnId);
  }

  /** Ends all that still runs, the call last. Default: now. */
  close(atMs?: number): void {
    for (const span of [...this.#open.values(), ...this.#turns.values(), this.span]) span.end(atMs);
  }

  #child(parent: Span, { name, atMs, attributes = {}, kind }: Begin): Span {
    return this.#tracer.startSpan(
      name,
      { startTime: atMs, attributes, ...(kind === undefined ? {} : { kind }) },
      trace.setSpan(context.active(), parent),
    );
  }
}
