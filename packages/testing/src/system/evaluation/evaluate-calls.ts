import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startTransportAgentProcess } from '../process/transport-agent-process.ts';
import { speak, testVoices, type TestVoice } from '../voices/test-voices.ts';
import { callCases } from './call-cases.ts';
import { makeCall, type CallOutcome } from './make-call.ts';
import { table } from './statistics.ts';

/**
 * `evaluate-calls.ts [--voices flite-slt,…] [--cases 30] [--parallel 3] [--json]`: whole calls without a key
 * in a quiet room. Each caller states a need in free words and answers what is asked; the call is a success
 * when the right agent gave the answer and at most three attempts were needed. An installed voice each.
 */
const { values } = parseArgs({
  options: {
    voices: { type: 'string' },
    cases: { type: 'string', default: String(callCases.length) },
    parallel: { type: 'string', default: '3' },
    verbose: { type: 'boolean' },
    json: { type: 'boolean' },
  },
});
const chosen = values.voices?.split(',');
const voices = await installed(testVoices.filter(({ name }) => chosen?.includes(name) ?? true));
const cases = callCases.slice(0, Number(values.cases));
const parallel = Number(values.parallel);

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

async function installed(wanted: readonly TestVoice[]): Promise<TestVoice[]> {
  const found: TestVoice[] = [];
  for (const voice of wanted) {
    try {
      await speak(voice, 'Hello.');
      found.push(voice);
    } catch {
      process.stderr.write(
        `${voice.name} is left out: apt-get install ${voice.packages.join(' ')}\n`,
      );
    }
  }
  return found;
}

async function callOneAfterTheOther(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const outcome = await makeCall({ url: agent.url, ...next });
    outcomes.push(outcome);
    const { voice, need, isSuccess, attempts } = outcome;
    const result = isSuccess ? `yes (${attempts})` : `NO: ${outcome.why}`;
    process.stderr.write(`${outcomes.length}/${total} ${voice}: ${need} ${result}\n`);
    if (values.verbose && !isSuccess) process.stderr.write(`${outcome.dialogue}\n\n`);
  }
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${Math.round((100 * part) / whole)} %`;
const rowOf = (name: string, calls: readonly CallOutcome[]): string[] => {
  const sum = (of: (call: CallOutcome) => number): number =>
    calls.reduce((total, call) => total + of(call), 0);
  return [
    name,
    String(calls.length),
    share(
      sum(({ isSuccess }) => Number(isSuccess)),
      calls.length,
    ),
    share(
      sum(({ isSuccess, attempts }) => Number(isSuccess && attempts === 1)),
      calls.length,
    ),
    share(
      sum(({ wordErrors }) => wordErrors),
      sum(({ words }) => words),
    ),
  ];
};
const failures = outcomes.filter(({ isSuccess }) => !isSuccess);
if (values.json) {
  const load = loadavg();
  process.stdout.write(`${JSON.stringify({ load, outcomes }, null, 2)}\n`);
} else {
  const rows = voices.map(({ name }) =>
    rowOf(
      name,
      outcomes.filter(({ voice }) => voice === name),
    ),
  );
  const header = ['voice', 'calls', 'success', 'at once', 'word errors'];
  process.stdout.write(`${table([header, ...rows, rowOf('all', outcomes)])}\n\n`);
  for (const { voice, need, why, understood } of failures)
    process.stdout.write(`${voice}: ${need}\n  ${why}; understood: ${understood.join(' / ')}\n`);
}
