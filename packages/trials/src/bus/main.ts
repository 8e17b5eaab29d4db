import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { RedisServer } from '@voicebus/testing/bus-conformance';
import { writeTable } from '../report/table.ts';
import { BenchEnds } from './bench-ends.ts';
import { compareSessions, runBench, type BenchRow } from './run-bench.ts';

/** `npm run bench:bus [-- --json --rounds 5]`: the Redis bus against bare publish and subscribe. */
const { values } = parseArgs({
  options: { json: { type: 'boolean' }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);
const say = (line: string): unknown => process.stderr.write(`${line}\n`);
const failures: string[] = [];
const rows: BenchRow[] = [];

await using server = await RedisServer.start();
await using ends = await BenchEnds.start(server.url);
const onFailure = (what: string, thrown: unknown): unknown =>
  failures.push(`${what}: ${String(thrown)}`);
for await (const row of runBench(ends, rounds, { onFailure, onNote: say })) {
  rows.push(row);
  if (values.json) process.stdout.write(`${JSON.stringify(row)}\n`);
}
const sessions = await compareSessions(ends, rounds);

const head = ['plane', 'kind', 'per second', 'metric', 'ours', 'raw', 'ours ÷ raw'];
const body = rows.map(({ plane, kind, rate, metric, ours, raw, ratio }) => [
  ...[plane, kind, rate, metric],
  ...[ours, raw, ratio].map((value) => value ?? '–'),
]);
say(writeTable([head, ...body]));
say(
  `500 sessions in one process: p50 ${sessions.many.toFixed(0)} µs; ` +
    `10 sessions: ${sessions.few.toFixed(0)} µs (10 tokens a second each)`,
);
say(`${cpus().length} cores, load ${(loadavg()[0] ?? NaN).toFixed(1)}; median of ${rounds} rounds`);
for (const failure of new Set(failures)) say(`failed: ${failure}`);
process.exitCode = failures.length > 0 || rows.some(({ ratio }) => ratio === null) ? 1 : 0;
