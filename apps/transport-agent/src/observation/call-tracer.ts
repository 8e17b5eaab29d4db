import { context, SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { SessionEvent, SessionEventType } from '@voicebus/protocol';
import { CallTrace } from './call-trace.ts';
import { providerSounded, providerTook, saidEarly } from './provider-spans.ts';

type EventOf<Type extends SessionEventType> = Extract<SessionEvent, { type: Type }>;

/**
 * Folds the events of calls into spans: call ▸ turn ▸ speech to text, model, tools, speech; handoffs
 * beside the turns. Names and attributes of the model's and the tools' are those of OpenTelemetry's
 * conventions for generative AI. Never what anybody said.
 */
export class CallTracer {
  readonly #tracer: Tracer;
  readonly #calls = new Map<string, CallTrace>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  take(event: SessionEvent): void {
    if (event.type === 'session-started') this.#start(event);
    const call = this.#calls.get(event.sessionId);
    if (!call) return;
    mark(call, event);
    if (event.type !== 'session-ended') return;
    this.#calls.delete(event.sessionId);
    call.span.setAttribute('voicebus.end_reason', event.reason);
    if (event.reason === 'failed') call.span.setStatus({ code: SpanStatusCode.ERROR });
    call.close(event.wallMs);
  }

  /** What still runs ends now, so that it is not lost. */
  close(): void {
    for (const call of this.#calls.values()) call.close();
    this.#calls.clear();
  }

  #start({ sessionId, owner, channel, text, wallMs }: EventOf<'session-started'>): void {
    const attributes = {
      'gen_ai.conversation.id': sessionId,
      'voicebus.owner': owner,
      'voicebus.channel': channel,
      'voicebus.text_only': text,
    };
    const span = this.#tracer.startSpan(
      'call',
      { kind: SpanKind.SERVER, startTime: wallMs, attributes },
      context.active(),
    );
    this.#calls.set(sessionId, new CallTrace(this.#tracer, span));
  }
}

function mark(call: CallTrace, event: SessionEvent): void {
  switch (event.type) {
    case 'turn-started':
      call.turn(event.turnId, event.wallMs).setAttribute('voicebus.turn.by', event.by);
      return;
    case 'turn-ended':
      call.turnIfOpen(event.turnId)?.setAttribute('voicebus.turn.interrupted', event.interrupted);
      call.endTurn(event.turnId, event.wallMs);
      return;
    case 'speech-heard-end':
      call.speechEndedMs = event.wallMs - (event.atMs - event.endedAtMs);
      return;
    case 'transcript-final':
      heard(call, event);
      return;
    case 'llm-request':
    case 'llm-first-token':
    case 'llm-end':
      model(call, event);
      return;
    case 'tool-start':
    case 'tool-end':
      tool(call, event);
      return;
    case 'tts-first-byte':
      call.sounding(event.turnId)?.span.addEvent('first audio', event.wallMs);
      return;
    case 'audio-first-sent':
      call.sounding(event.turnId)?.span.addEvent('first packet', event.wallMs);
      return;
    case 'bot-text':
      if (event.done)
        call
          .about('speech', event.turnId)
          .at(-1)
          ?.span.setAttribute('voicebus.characters', event.text.length);
      return;
    case 'tts-end':
      call.end(call.sounding(event.turnId)?.key, { atMs: event.wallMs });
      return;
    case 'playback-first-heard':
      if (event.responseMs !== undefined)
        call.turnIfOpen(event.turnId)?.setAttribute('voicebus.response_ms', event.responseMs);
      return;
    case 'interruption': {
      const attributes = { 'voicebus.verdict': event.verdict, 'voicebus.by': event.by };
      call.turnOrCall(event.turnId).addEvent('interruption', attributes, event.wallMs);
      return;
    }
    case 'handoff-requested':
    case 'handoff-accepted':
    case 'handoff-active':
    case 'handoff-failed':
      handoff(call, event);
      return;
    case 'provider-timing':
      providerTook(call, event);
      return;
    case 'provider-sound':
      providerSounded(call, event);
      return;
    case 'problem': {
      const attributes = { 'error.type': event.code, 'voicebus.component': event.component };
      call
        .turnOrCall(event.turnId)
        .addEvent('problem', attributes, event.wallMs)
        .setStatus({ code: SpanStatusCode.ERROR, message: event.code });
      return;
    }
    default:
  }
}

function heard(call: CallTrace, { turnId, by, wallMs }: EventOf<'transcript-final'>): void {
  if (by !== 'voice' || call.speechEndedMs === null) return;
  const key = `listening ${turnId}`;
  const attributes = {
    ...saidEarly(call, 'stt'),
    'voicebus.sound_seconds': call.sound.take('listening'),
  };
  call.begin({ key, name: 'speech_to_text', atMs: call.speechEndedMs, turnId, attributes });
  call.end(key, { atMs: wallMs });
}

function model(
  call: CallTrace,
  event: EventOf<'llm-request' | 'llm-first-token' | 'llm-end'>,
): void {
  const { turnId, agent, wallMs } = event;
  const key = `model ${turnId} ${agent}`;
  if (event.type === 'llm-request') {
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.agent.name': agent,
      ...saidEarly(call, 'llm'),
    };
    const kind = SpanKind.CLIENT;
    call.begin({ key, name: 'chat', atMs: wallMs, turnId, attributes, kind });
    return;
  }
  if (event.type === 'llm-first-token') {
    call.get(key)?.addEvent('first token', wallMs);
    call.begin({
      key: `speech ${turnId} ${event.id}`,
      name: 'text_to_speech',
      atMs: wallMs,
      turnId,
      attributes: { 'gen_ai.agent.name': agent },
    });
    return;
  }
  const { inputTokens, outputTokens, provider, model: name } = event;
  // Several may be asked for one answer: which one it was is known at its end.
  if (name !== undefined) call.get(key)?.updateName(`chat ${name}`);
  const attributes = {
    ...(provider === undefined ? {} : { 'gen_ai.provider.name': provider }),
    ...(name === undefined ? {} : { 'gen_ai.request.model': name }),
    ...(inputTokens === undefined ? {} : { 'gen_ai.usage.input_tokens': inputTokens }),
    ...(outputTokens === undefined ? {} : { 'gen_ai.usage.output_tokens': outputTokens }),
  };
  call.end(key, { atMs: wallMs, attributes });
}

function tool(call: CallTrace, event: EventOf<'tool-start' | 'tool-end'>): void {
  const { turnId, agent, callId, name, wallMs } = event;
  const key = `tool ${callId}`;
  if (event.type === 'tool-start') {
    const attributes = {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': name,
      'gen_ai.tool.call.id': callId,
      'gen_ai.agent.name': agent,
    };
    call.begin({ key, name: `execute_tool ${name}`, atMs: wallMs, turnId, attributes });
    return;
  }
  if (event.status === 'error') call.get(key)?.setStatus({ code: SpanStatusCode.ERROR });
  call.end(key, { atMs: wallMs, attributes: { 'voicebus.tool.status': event.status } });
}

function handoff(
  call: CallTrace,
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
      call.begin({ key, name: `handoff ${to}`, atMs: wallMs, attributes });
      return;
    }
    case 'handoff-accepted':
      call.get(key)?.setAttribute('voicebus.handoff.epoch', event.epoch);
      return;
    case 'handoff-active':
      call.end(key, { atMs: wallMs, attributes: { 'voicebus.handoff.gap_ms': event.gapMs } });
      return;
    case 'handoff-failed':
      call.get(key)?.setStatus({ code: SpanStatusCode.ERROR, message: event.code });
      call.end(key, { atMs: wallMs, attributes: { 'error.type': event.code } });
  }
}
