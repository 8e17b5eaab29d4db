import type { WorkerRunner } from '@voicebus/core';
import type { SendingThread } from '@voicebus/transport-mediasoup';
import { createRunnerMetrics } from '@voicebus/service';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { SessionDirectory } from '../sessions/session-directory.ts';
import { watchOwnCalls } from './own-calls.ts';
import { StageTimes } from './stage-times.ts';

/** What `/metrics` gives to Prometheus: counts and times, never what was said. */
export function createMetrics({
  runner,
  directory,
  sending,
}: {
  runner: WorkerRunner;
  directory: SessionDirectory;
  sending: SendingThread;
}): Registry {
  const registry = createRunnerMetrics(runner, () => directory.size);
  const registers = [registry];
  const lateness = new Histogram({
    name: 'voicebus_pacer_lateness_seconds',
    help: 'How late each 20 ms of the bot’s sound left: beyond 40 ms callers hear it.',
    buckets: [0.001, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32],
    registers,
  });
  sending.onSent = (latenessMs) => {
    for (const each of latenessMs) lateness.observe(each / 1000);
  };
  const ended = new Counter({
    name: 'voicebus_sessions_ended_total',
    help: 'Calls by why they ended.',
    labelNames: ['reason'],
    registers,
  });
  const handoffs = new Counter({
    name: 'voicebus_handoffs_total',
    help: 'Handoffs by outcome.',
    labelNames: ['outcome'],
    registers,
  });
  const interruptions = new Counter({
    name: 'voicebus_interruptions_total',
    help: 'Speech over the bot, by verdict.',
    labelNames: ['verdict'],
    registers,
  });
  const prepared = new Counter({
    name: 'voicebus_prepared_answers_total',
    help: 'Answers that were begun before the turn was over: used, or dropped because it went on.',
    labelNames: ['outcome'],
    registers,
  });
  const response = new Histogram({
    name: 'voicebus_response_seconds',
    help: "End of the user's speech to the bot's first sample at the ear, as the page measured it.",
    buckets: [0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 5],
    registers,
  });
  const stages = new Histogram({
    name: 'voicebus_stage_seconds',
    help: 'The parts of an answer: endpointing, transcript, queue, bus, model, tool, synthesis, sending, playback.',
    labelNames: ['stage'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.5, 2, 4],
    registers,
  });
  const tokens = new Counter({
    name: 'voicebus_tokens_total',
    help: 'Tokens that the models counted, by direction and agent.',
    labelNames: ['direction', 'agent'],
    registers,
  });
  const problems = new Counter({
    name: 'voicebus_call_problems_total',
    help: 'What went wrong in calls, by code and component.',
    labelNames: ['code', 'component'],
    registers,
  });
  const times = new StageTimes((stage, ms) => stages.observe({ stage }, ms / 1000));
  watchOwnCalls(runner, (event) => {
    times.take(event);
    if (event.type === 'session-ended') ended.inc({ reason: event.reason });
    else if (event.type === 'handoff-accepted') handoffs.inc({ outcome: 'accepted' });
    else if (event.type === 'handoff-failed') handoffs.inc({ outcome: 'failed' });
    else if (event.type === 'interruption') interruptions.inc({ verdict: event.verdict });
    else if (event.type === 'answer-prepared') prepared.inc({ outcome: event.outcome });
    else if (event.type === 'playback-first-heard' && event.responseMs !== undefined)
      response.observe(event.responseMs / 1000);
    else if (event.type === 'llm-end') {
      tokens.inc({ direction: 'input', agent: event.agent }, event.inputTokens ?? 0);
      tokens.inc({ direction: 'output', agent: event.agent }, event.outputTokens ?? 0);
    } else if (event.type === 'problem')
      problems.inc({ code: event.code, component: event.component });
  });
  return registry;
}
