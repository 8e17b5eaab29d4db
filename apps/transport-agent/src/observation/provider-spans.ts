import type { Attributes } from '@opentelemetry/api';
import type { SessionEvent } from '@voicebus/protocol';
import type { CallTrace } from './call-trace.ts';

type Timing = Extract<SessionEvent, { type: 'provider-timing' }>;
type Sound = Extract<SessionEvent, { type: 'provider-sound' }>;

/** A provider says how long it took: an attribute of the span that runs, or begins next. */
export function providerTook(call: CallTrace, { part, provider, stage, ms, wallMs }: Timing): void {
  if (stage === 'connect') {
    const attributes = {
      'voicebus.part': part,
      'voicebus.provider': provider,
      'voicebus.took_ms': ms,
    };
    call.span.addEvent('connect', attributes, wallMs);
    return;
  }
  const named = part === 'llm' ? 'gen_ai.provider.name' : 'voicebus.provider';
  const attributes = { [named]: provider, [`voicebus.${stage.replace('-', '_')}_ms`]: ms };
  if (part === 'tts') {
    call.sounding()?.span.setAttributes(attributes);
    return;
  }
  // A model says it before the turn's own events do; a recogniser's span begins with its final.
  const running = part === 'llm' ? call.about('model').at(-1) : undefined;
  if (running) running.span.setAttributes(attributes);
  else call.early.set(part, { ...call.early.get(part), ...attributes });
}

/** A provider says how much sound it heard, or gave. */
export function providerSounded(call: CallTrace, { part, seconds }: Sound): void {
  const { span, sound } = call;
  if (part === 'stt') {
    span.setAttribute('voicebus.heard_seconds', sound.add('heard', seconds));
    sound.add('listening', seconds);
    return;
  }
  span.setAttribute('voicebus.spoken_seconds', sound.add('spoken', seconds));
  // What breaks off may be told a moment after its turn is over: then only the call has it.
  const message = call.sounding();
  message?.span.setAttribute('voicebus.sound_seconds', sound.add(message.key, seconds));
}

/** What a provider said before the span that it belongs to began. */
export function saidEarly(call: CallTrace, part: 'stt' | 'llm'): Attributes {
  const attributes = call.early.get(part) ?? {};
  call.early.delete(part);
  return attributes;
}
