import { createFrame, LocalBus, PipelineWorker, WorkerRunner } from '@voicebus/core';
import type { SessionEvent } from '@voicebus/protocol';
import { createLogger } from '@voicebus/service';
import {
  defineTestAgent,
  FakeClock,
  lastWords,
  ScriptedLanguageModel,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
  ScriptedVoiceActivityDetector,
} from '@voicebus/testing';
import { Pacer, type MediasoupHost } from '@voicebus/transport-mediasoup';
import { expect, it } from 'vitest';
import { CallSession } from './call-session.ts';

const minuteMs = 60_000;

/** A caller who reads and types: a call without a media path. */
async function startCall({ agentAnswers = true } = {}) {
  const clock = new FakeClock();
  const runner = new WorkerRunner({ bus: new LocalBus({ mode: 'frozen' }), clock });
  const llm = new ScriptedLanguageModel({ clock, replies: (request) => lastWords(request) });
  runner.serve(defineTestAgent('greeter'), { llm });
  const send = runner.bus.send.bind(runner.bus);
  runner.bus.send = (options) =>
    agentAnswers || options.kind !== 'prepare' ? send(options) : 'lost on its way';
  await runner.start();
  const timersOfNoCall = clock.pending;
  const events: SessionEvent[] = [];
  const told: string[] = [];
  const call = new CallSession({
    runner,
    providers: {
      stt: new ScriptedSpeechToText({ clock }),
      tts: new ScriptedTextToSpeech({ clock }),
      vad: new ScriptedVoiceActivityDetector(),
      llm,
      [Symbol.asyncDispose]: async () => {},
    },
    pacer: new Pacer(clock),
    media: {} as MediasoupHost,
    logger: createLogger({ level: 'silent', service: 'test' }),
    sessionId: 'session',
    audio: false,
    firstAgent: 'greeter',
    turns: {},
    longestCallMs: 3 * minuteMs,
    onEnded: () => {},
  });
  call.events.onEvent((event) => events.push(event));
  await clock.until(call.start());
  call.attach({
    send: (message) => void (message.type === 'ended' && told.push(message.reason)),
    close: () => {},
  });
  await clock.advance(1_000);
  return {
    call,
    clock,
    timersOfNoCall,
    asked: () => events.filter(({ type }) => type === 'llm-request').length,
    told,
    ends: () => events.flatMap((event) => (event.type === 'session-ended' ? [event.reason] : [])),
    /** As where the bot is heard: after that it is the caller's turn. */
    botStopsSpeaking: () => {
      const main = runner.getWorker('main', call.id);
      if (!(main instanceof PipelineWorker)) throw new Error('The call has no pipeline.');
      const fields = { turnId: 'turn', agent: 'greeter', interrupted: false };
      main.queueFrame(createFrame('bot-stopped-speaking', fields), 'upstream');
    },
    type: (text: string) => call.receive({ type: 'text-input', messageId: text, text }),
    [Symbol.asyncDispose]: async () => {
      await clock.until(call.end('shutting-down'));
      await clock.until(runner.cancel());
      expect(clock.pending).toBe(0);
    },
  };
}

it('ends with its reason after the longest time, and not before', async () => {
  await using call = await startCall();
  for (let minute = 0; minute < 3; minute += 1) {
    await call.clock.advance(59_000);
    call.type('and then');
  }
  expect(call.ends()).toEqual([]);
  await call.clock.advance(4_000);
  expect(call.ends()).toEqual(['longest-call']);
  expect(call.told).toEqual(['longest-call']);
});

it('asks nobody who reads whether they are there: they may be writing', async () => {
  await using call = await startCall();
  await call.clock.advance(2 * minuteMs);
  expect(call.asked()).toBe(1);
  expect(call.ends()).toEqual([]);
});

it('ends with its reason when nobody answers the question whether they are there', async () => {
  await using call = await startCall();
  call.botStopsSpeaking();
  await call.clock.advance(9_000);
  expect(call.asked()).toBe(2);
  call.botStopsSpeaking();
  await call.clock.advance(29_000);
  expect(call.ends()).toEqual([]);
  await call.clock.advance(2_000);
  expect(call.ends()).toEqual(['caller-idle']);
  expect(call.told).toEqual(['caller-idle']);
  expect(call.asked()).toBe(2);
});

it('a call that ends before anybody has answered leaves no timer behind that would ask again', async () => {
  await using call = await startCall({ agentAnswers: false });
  // Asked twice, a second each; a second later it would be asked again.
  await call.clock.advance(1_500);
  await call.clock.until(call.call.end('caller-ended'));
  expect(call.ends()).toEqual(['caller-ended']);
  expect(call.clock.pending).toBe(call.timersOfNoCall);
});
