import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { SessionEvent, SessionEventType } from '@voicebus/protocol';

type EventOf<Type extends SessionEventType> = Extract<SessionEvent, { type: Type }>;

interface Call {
  readonly span: Span;
  readonly turns: Map<string, Span>;
  /** What runs inside a turn, or beside all of them, by what it is. */
  readonly open: Map<string, Span>;
  /** When the caller was last heard to stop speaking, on the wall. */
  speechEndedMs: number | null;
  /** What providers said last of themselves, by part: it belongs to the span that begins or runs. */
  readonly timings: Map<string, Attributes>;
}

interface Begin {
  readonly key: string;
  readonly name: string;
  readonly atMs: number;
  readonly turnId?: string;
  readonly attributes?: Attributes;
  readonly kind?: SpanKind;
}

interface End {
  readonly atMs: number;
  readonly attributes?: Attributes;
}

/** How the keys of a part's spans begin. */
const spanOfPart = { stt: 'listening ', llm: 'model ', tts: 'speech ' } as const;

/**
 * Folds the events of calls into spans: call ▸ turn ▸ speech to text, model, tools, speech; handoffs
 * beside the turns. Names and attributes of the model's and the tools' are those of OpenTelemetry's
 * conventions for generative AI. Never what anybody said.
 */
export class CallTracer {
  readonly #tracer: Tracer;
  readonly #calls = new Map<string, Call>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  take(event: SessionEvent): void {
    if (event.type === 'session-started') this.#start(event);
    const call = this.#calls.get(event.sessionId);
    if (!call) return;
    this.#mark(call, event);
    if (event.type !== 'session-ended') return;
    this.#calls.delete(event.sessionId);
    call.span.setAttribute('voicebus.end_reason', event.reason);
    if (event.reason === 'failed') call.span.setStatus({ code: SpanStatusCode.ERROR });
    for (const span of [...call.open.values(), ...call.turns.values(), call.span])
      span.end(event.wallMs);
  }

  /** What still runs ends now, so that it is not lost. */
  close(): void {
    for (const { open, turns, span } of this.#calls.values())
      for (const each of [...open.values(), ...turns.values(), span]) each.end();
    this.#calls.clear();
  }

  #start({ sessionId, owner, channel, text, wallMs }: EventOf<'session-started'>): void {
    const span = this.#tracer.startSpan(
      'call',
      {
        kind: SpanKind.SERVER,
        startTime: wallMs,
        attributes: {
          'gen_ai.conversation.id': sessionId,
          'voicebus.owner': owner,
          'voicebus.channel': channel,
          'voicebus.text_only': text,
        },
      },
      context.active(),
    );
    this.#calls.set(sessionId, {
      span,
      turns: new Map(),
      open: new Map(),
      speechEndedMs: null,
      timings: new Map(),
    });
  }

  #mark(call: Call, event: SessionEvent): void {
    switch (event.type) {
      case 'turn-started':
        this.#turn(call, event.turnId, event.wallMs).setAttribute('voicebus.turn.by', event.by);
        return;
      case 'turn-ended':
        call.turns.get(event.turnId)?.setAttribute('voicebus.turn.interrupted', event.interrupted);
        this.#endTurn(call, event);
        return;
      case 'speech-heard-end':
        call.speechEndedMs = event.wallMs - (event.atMs - event.endedAtMs);
        return;
      case 'transcript-final':
        this.#heard(call, event);
        return;
      case 'llm-request':
      case 'llm-first-token':
      case 'llm-end':
        this.#model(call, event);
        return;
      case 'tool-start':
      case 'tool-end':
        this.#tool(call, event);
        return;
      case 'tts-first-byte':
        call.open.get(`speech ${event.turnId}`)?.addEvent('first audio', event.wallMs);
        return;
      case 'audio-first-sent':
        call.open.get(`speech ${event.turnId}`)?.addEvent('first packet', event.wallMs);
        return;
      case 'bot-text':
        if (event.done)
          call.open
            .get(`speech ${event.turnId}`)
            ?.setAttribute('voicebus.characters', event.text.length);
        return;
      case 'tts-end':
        this.#end(call, `speech ${event.turnId}`, { atMs: event.wallMs });
        return;
      case 'playback-first-heard':
        if (event.responseMs !== undefined)
          call.turns.get(event.turnId)?.setAttribute('voicebus.response_ms', event.responseMs);
        return;
      case 'interruption':
        this.#turnOrCall(call, event.turnId).addEvent(
          'interruption',
          { 'voicebus.verdict': event.verdict, 'voicebus.by': event.by },
          event.wallMs,
        );
        return;
      case 'handoff-requested':
      case 'handoff-accepted':
      case 'handoff-active':
      case 'handoff-failed':
        this.#handoff(call, event);
        return;
      case 'provider-timing':
        this.#timing(call, event);
        return;
      case 'problem':
        this.#turnOrCall(call, event.turnId)
          .addEvent(
            'problem',
            { 'error.type': event.code, 'voicebus.component': event.component },
            event.wallMs,
          )
          .setStatus({ code: SpanStatusCode.ERROR, message: event.code });
        return;
      default:
    }
  }

  #timing(call: Call, { part, provider, stage, ms, wallMs }: EventOf<'provider-timing'>): void {
    if (stage === 'connect') {
      call.span.addEvent(
        'connect',
        { 'voicebus.part': part, 'voicebus.provider': provider, 'voicebus.took_ms': ms },
        wallMs,
      );
      return;
    }
    const named = part === 'llm' ? 'gen_ai.provider.name' : 'voicebus.provider';
    const attributes = { [named]: provider, [`voicebus.${stage.replace('-', '_')}_ms`]: ms };
    const span = [...call.open].findLast(([key]) => key.startsWith(spanOfPart[part]))?.[1];
    // A model says it before the turn's own events do; a recogniser's span begins with its final.
    if (span) span.setAttributes(attributes);
    else call.timings.set(part, attributes);
  }

  /** What a provider said before the span that it belongs to began. */
  #said(call: Call, part: EventOf<'provider-timing'>['part']): Attributes {
    const attributes = call.timings.get(part) ?? {};
    call.timings.delete(part);
    return attributes;
  }

  #heard(call: Call, { turnId, by, wallMs }: EventOf<'transcript-final'>): void {
    if (by !== 'voice' || call.speechEndedMs === null) return;
    const key = `listening ${turnId}`;
    const atMs = call.speechEndedMs;
    const attributes = this.#said(call, 'stt');
    this.#begin(call, { key, name: 'speech_to_text', atMs, turnId, attributes });
    this.#end(call, key, { atMs: wallMs });
  }

  #model(call: Call, event: EventOf<'llm-request' | 'llm-first-token' | 'llm-end'>): void {
    const { turnId, agent, wallMs } = event;
    const key = `model ${turnId} ${agent}`;
    if (event.type === 'llm-request') {
      const attributes = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.agent.name': agent,
        ...this.#said(call, 'llm'),
      };
      const kind = SpanKind.CLIENT;
      this.#begin(call, { key, name: `chat ${agent}`, atMs: wallMs, turnId, attributes, kind });
      return;
    }
    if (event.type === 'llm-first-token') {
      call.open.get(key)?.addEvent('first token', wallMs);
      this.#begin(call, {
        key: `speech ${turnId}`,
        name: 'text_to_speech',
        atMs: wallMs,
        turnId,
        attributes: { 'gen_ai.agent.name': agent, ...this.#said(call, 'tts') },
      });
      return;
    }
    const { inputTokens, outputTokens } = event;
    const attributes = {
      ...(inputTokens === undefined ? {} : { 'gen_ai.usage.input_tokens': inputTokens }),
      ...(outputTokens === undefined ? {} : { 'gen_ai.usage.output_tokens': outputTokens }),
    };
    this.#end(call, key, { atMs: wallMs, attributes });
  }

  #tool(call: Call, event: EventOf<'tool-start' | 'tool-end'>): void {
    const { turnId, agent, callId, name, wallMs } = event;
    const key = `tool ${callId}`;
    if (event.type === 'tool-start') {
      const attributes = {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': name,
        'gen_ai.tool.call.id': callId,
        'gen_ai.agent.name': agent,
      };
      this.#begin(call, { key, name: `execute_tool ${name}`, atMs: wallMs, turnId, attributes });
      return;
    }
    if (event.status === 'error') call.open.get(key)?.setStatus({ code: SpanStatusCode.ERROR });
    this.#end(call, key, { atMs: wallMs, attributes: { 'voicebus.tool.status': event.status } });
  }

  #handoff(
    call: Call,
    event: EventOf<'handoff-requested' | 'handoff-accepted' | 'handoff-active' | 'handoff-failed'>,
  ): void {
    const { handoffId, from, to, wallMs } = event;
    const key = `handoff ${handoffId}`;
    switch (event.type) {
      case 'handoff-requested': {
        const attributes = {
          'voicebus.handoff.to': to,
          ...(from === undefined ? {} : { 'voicebus.handoff.from': from }),
        };
        this.#begin(call, { key, name: `handoff ${to}`, atMs: wallMs, attributes });
        return;
      }
      case 'handoff-accepted':
        call.open.get(key)?.setAttribute('voicebus.handoff.epoch', event.epoch);
        return;
      case 'handoff-active':
        this.#end(call, key, {
          atMs: wallMs,
          attributes: { 'voicebus.handoff.gap_ms': event.gapMs },
        });
        return;
      case 'handoff-failed':
        call.open.get(key)?.setStatus({ code: SpanStatusCode.ERROR, message: event.code });
        this.#end(call, key, { atMs: wallMs, attributes: { 'error.type': event.code } });
    }
  }

  #turn(call: Call, turnId: string, atMs: number): Span {
    const known = call.turns.get(turnId);
    if (known) return known;
    const span = this.#child(call.span, { key: '', name: 'turn', atMs });
    span.setAttribute('voicebus.turn.id', turnId);
    call.turns.set(turnId, span);
    return span;
  }

  #turnOrCall(call: Call, turnId: string | undefined): Span {
    return (turnId === undefined ? undefined : call.turns.get(turnId)) ?? call.span;
  }

  /** What the turn left open ended with it: an answer that was cut has no end of its own. */
  #endTurn(call: Call, { turnId, wallMs }: EventOf<'turn-ended'>): void {
    for (const key of call.open.keys())
      if (key.split(' ')[1] === turnId) this.#end(call, key, { atMs: wallMs });
    call.turns.get(turnId)?.end(wallMs);
    call.turns.delete(turnId);
  }

  #begin(call: Call, begin: Begin): void {
    this.#end(call, begin.key, { atMs: begin.atMs });
    const parent = begin.turnId ? this.#turn(call, begin.turnId, begin.atMs) : call.span;
    call.open.set(begin.key, this.#child(parent, begin));
  }

  #end(call: Call, key: string, { atMs, attributes = {} }: End): void {
    call.open.get(key)?.setAttributes(attributes).end(atMs);
    call.open.delete(key);
  }

  #child(parent: Span, { name, atMs, attributes = {}, kind }: Begin): Span {
    return this.#tracer.startSpan(
      name,
      { startTime: atMs, attributes, ...(kind === undefined ? {} : { kind }) },
      trace.setSpan(context.active(), parent),
    );
  }
}
