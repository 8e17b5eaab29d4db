import { parseArgs } from 'node:util';
import { defineAgent, LocalBus } from '@voicebus/core';
import { bytesHeldPerTurn, mostBytesPerTurn } from '@voicebus/testing/system';
import { ServiceCall } from '../test-client/service-call.ts';

/**
 * `npm run soak:services -- --turns 500`: one long call with the real SDKs of all three services at stand-ins,
 * several times as fast as it is spoken, and how many bytes of each turn stay behind.
 */
const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '500' },
    speed: { type: 'string', default: '6' },
    json: { type: 'boolean' },
  },
});
/** Until then the history of events fills, which is kept for those who look at a call later. */
const warmUpTurns = 200;
/** The conversation itself, which the owner and the agent both keep: two messages, some 400 bytes each. */
const conversationBytes = 2 * 2 * 400;
const limit = mostBytesPerTurn + conversationBytes;
const answer = 'Yes I do.';

const bus = new LocalBus();
const startedMs = performance.now();
const greeter = defineAgent({ name: 'greeter', voice: 'bright', instructions: 'You listen.' });
const call = await ServiceCall.start({
  agents: [greeter],
  answers: () => answer,
  api: 'responses',
  buses: [bus, bus],
  speed: Number(values.speed),
});
let unanswered = 0;
const bytesPerTurn = await bytesHeldPerTurn({
  warmUpTurns,
  turns: Number(values.turns),
  playTurn: async (turn) => {
    call.forget();
    call.say('do you hear me well');
    await call.until('bot-stopped-speaking');
    const answered = call.events.of('llm-end').length === 1;
    if (!answered) unanswered += 1;
    if (turn % 50 === 49)
      process.stderr.write(`${turn + 1} turns, ${seconds()} s, ${unanswered} not answered once\n`);
  },
  forget: () => call.forget(),
});
await call[Symbol.asyncDispose]();
const result = { turns: Number(values.turns), bytesPerTurn, limit, unanswered, seconds: seconds() };
process.stdout.write(
  values.json
    ? `${JSON.stringify(result)}\n`
    : `${result.turns} turns after ${warmUpTurns} of warming up: ${Math.round(bytesPerTurn)} bytes each stay behind, ${limit} are allowed; ${unanswered} were not answered once.\n`,
);
process.exit(bytesPerTurn <= limit && unanswered === 0 ? 0 : 1);

function seconds(): number {
  return Math.round((performance.now() - startedMs) / 1000);
}
