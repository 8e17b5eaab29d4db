import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { median, quantile } from '../report/quantile.ts';
import { writeTable } from '../report/table.ts';
import { runLoad } from './run-load.ts';

/** `npm run load -- --callers 20`: what callers feel, and what they cost, when there are many. */
const { values } = parseArgs({
  options: {
    callers: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    json: { type: 'boolean' },
  },
});
const { failures, callers, cpuPercentPerCall, memoryMbPerCall, ...measured } = await runLoad({
  callers: Number(values.callers),
  seconds: Number(values.seconds),
});
const rows = Object.entries(measured).map(([what, ms]) => ({
  what,
  count: ms.length,
  median: median(ms),
  p95: quantile(ms, 0.95),
  p99: quantile(ms, 0.99),
  p999: quantile(ms, 0.999),
  max: quantile(ms, 1),
}));
const machine = { cores: cpus().length, load: loadavg()[0] ?? NaN };
if (values.json) {
  const report = { callers, cpuPercentPerCall, memoryMbPerCall, machine, rows, failures };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} else {
  const head = ['ms', 'count', 'median', 'p95', 'p99', 'p99.9', 'max'];
  const body = rows.map(({ what, count, ...ms }) => [
    what,
    count,
    ...Object.values(ms).map((value) => value.toFixed(1)),
  ]);
  process.stdout.write(`${writeTable([head, ...body])}\n`);
  process.stdout.write(
    `${callers} callers, per call ${cpuPercentPerCall.toFixed(2)} % of a core and ${memoryMbPerCall.toFixed(1)} MB; ` +
      `${machine.cores} cores, load ${machine.load.toFixed(1)}\n`,
  );
  for (const failure of new Set(failures)) process.stdout.write(`failed: ${failure}\n`);
}
process.exit(failures.length > 0 ? 1 : 0);
