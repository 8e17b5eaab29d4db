import { parseArgs } from 'node:util';
import { defineAgent, LocalBus } from '@voicebus/core';
import { growthPerTurn, holdTurns, mostBytesPerTurn } from '@voicebus/testing/system';
import { ServiceCall } from '../test-client/service-call.ts';

/**
 * `npm run soak:services -- --turns 500`: one long call with the real SDKs of all three services at stand-ins,
 * several times as fast as it is spoken, and how many bytes each turn leaves behind. What a call keeps on
 * purpose is held constant meanwhile: the conversation at its last messages, the history of events full, and all
 * of it of real turns before the first sample is taken.
 * `--leak 5000` keeps as many bytes of each turn, to see that it is found.
 */
const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '500' },
    speed: { type: 'string', default: '4' },
    leak: { type: 'string', default: '0' },
    json: { type: 'boolean' },
  },
});
const turns = Number(values.turns);
/** Of the conversation: twenty turns. Cut as often as samples are taken, so that each finds as many. */
const keptMessages = 40;
const everyTurns = 10;
/** The history is full of these turns' own events by then. */
const warmUpTurns = 250;
/** Node keeps the last 250 requests of fetch: fewer are kept before the first sample. */
performance.setResourceTimingBufferSize(100);
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
const leaked: Uint8Array[] = [];
let unanswered = 0;
const samples = await holdTurns({
  turns,
  warmUpTurns,
  playTurn: async (turn) => {
    call.forget();
    call.say('do you hear me well');
    // A machine that was busy elsewhere may have lost a sentence: that is counted, and the call goes on.
    const isOver = await call.until('bot-stopped-speaking').then(
      () => true,
      () => false,
    );
    if (!isOver || call.events.of('llm-end').length !== 1) unanswered += 1;
    if (turn % everyTurns === 0) call.keepMessages(keptMessages);
    if (values.leak !== '0') leaked.push(new Uint8Array(Number(values.leak)));
  },
  forget: () => call.forget(),
  onSample: ({ turn, bytes }) =>
    process.stderr.write(
      `${turn} turns, ${seconds()} s, ${Math.round(bytes / 1_000)} kB held, ${unanswered} not answered once\n`,
    ),
});
await call[Symbol.asyncDispose]();
const bytesPerTurn = growthPerTurn(samples);
const result = { turns, bytesPerTurn, limit: mostBytesPerTurn, unanswered, seconds: seconds() };
process.stdout.write(
  values.json
    ? `${JSON.stringify({ ...result, samples })}\n`
    : `Each of ${turns} turns leaves ${Math.round(bytesPerTurn)} bytes behind, ${mostBytesPerTurn} are allowed; ${unanswered} were not answered once.\n`,
);
process.exit(bytesPerTurn <= mostBytesPerTurn && unanswered === 0 ? 0 : 1);

function seconds(): number {
  return Math.round((performance.now() - startedMs) / 1000);
}
