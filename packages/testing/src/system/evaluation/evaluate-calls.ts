import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startTransportAgentProcess } from '../process/transport-agent-process.ts';
import { testVoices } from '../voices/test-voices.ts';
import { callCases } from './call-cases.ts';
import { describeCalls } from './describe-calls.ts';
import { installed } from './installed-voices.ts';
import { makeCall, type CallOutcome } from './make-call.ts';

/**
 * `evaluate-calls.ts [--voices flite-slt,…] [--cases 30] [--parallel 3] [--noise-db 15] [--json]`: whole
 * calls without a key, in a quiet room or with pink noise that far below the voice. Each
 * caller states a need in free words and answers what is asked; the call is a success when the right agent
 * gave the answer and at most three attempts were needed. An installed voice each.
 */
const { values } = parseArgs({
  options: {
    voices: { type: 'string' },
    cases: { type: 'string', default: String(callCases.length) },
    parallel: { type: 'string', default: '3' },
    'noise-db': { type: 'string' },
    verbose: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const chosen = values.voices?.split(',');
const voices = await installed(testVoices.filter(({ name }) => chosen?.includes(name) ?? true));
const cases = callCases.slice(0, Number(values.cases));
const parallel = Number(values.parallel);
const noiseDb = values['noise-db'] === undefined ? undefined : Number(values['noise-db']);

const agent = await startTransportAgentProcess({ env: { MAX_SESSIONS: String(parallel + 2) } });
const outcomes: CallOutcome[] = [];
const waiting = voices.flatMap((voice) => cases.map((wanted) => ({ voice, wanted })));
const total = waiting.length;
try {
  await Promise.all(Array.from({ length: parallel }, () => callOneAfterTheOther()));
} finally {
  await agent.stop();
  process.stderr.write(agent.output());
}

async function callOneAfterTheOther(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const outcome = await makeCall({ url: agent.url, noiseDb, ...next });
    outcomes.push(outcome);
    const { voice, need, isSuccess, attempts } = outcome;
    const result = isSuccess ? `yes (${attempts})` : `NO: ${outcome.why}`;
    process.stderr.write(`${outcomes.length}/${total} ${voice}: ${need} ${result}\n`);
    if (values.verbose && !isSuccess) process.stderr.write(`${outcome.dialogue}\n\n`);
  }
}

if (values.json) {
  const load = loadavg();
  process.stdout.write(
    `${JSON.stringify({ load, noiseDb: noiseDb ?? null, outcomes }, null, 2)}\n`,
  );
} else process.stdout.write(describeCalls(outcomes));
