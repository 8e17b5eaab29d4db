import { parseArgs } from 'node:util';
import { writeTable } from '../report/table.ts';
import { tolerances } from './judge-soak.ts';
import { runSoak } from './run-soak.ts';
import type { SoakSample } from './soak-sample.ts';

/** `npm run soak -- --minutes 30`: random calls for a long time, and whether anything of them stays behind. */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    'text-callers': { type: 'string', default: '4' },
    'voice-callers': { type: 'string', default: '1' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
const note = (text: string): unknown => process.stderr.write(`${text}\n`);

note(`seed ${seed}`);
const result = await runSoak({
  seed,
  minutes: Number(values.minutes),
  textCallers: Number(values['text-callers']),
  voiceCallers: Number(values['voice-callers']),
  onNote: note,
  onSample: (sample, calls) => note(`${rowOf(sample).join('  ')}  (${calls} calls)`),
});
const columns = ['s', ...Object.keys(result.samples[0] ?? {}).slice(1)];
if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  process.stdout.write(`${writeTable([columns, ...result.samples.map(rowOf)])}\n`);
  const allowed = tolerances.map(
    ({ what, share, plus }) => `${what} +${Math.round(share * 100)} % +${plus}`,
  );
  process.stdout.write(
    `${result.calls} calls. Last quarter to first, allowed: ${allowed.join(', ')}\n`,
  );
  const verdict =
    result.problems.length > 0 ? result.problems.join('\n') : 'Flat, and nothing is left.';
  process.stdout.write(`${verdict}\n`);
}
process.exit(result.problems.length > 0 ? 1 : 0);

function rowOf({ atMs, ...rest }: SoakSample): string[] {
  const numbers = Object.values(rest).map((value) =>
    Number.isInteger(value) ? `${value}` : value.toFixed(1),
  );
  return [(atMs / 1000).toFixed(0), ...numbers];
}
