import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { median, quantile } from '../report/quantile.ts';
import { writeTable } from '../report/table.ts';
import { runLoad } from './run-load.ts';

/**
 * `npm run load -- [--callers 20] [--seconds 60] [--plain] [--offline] [--profile] [--json]`: what callers feel,
 * and what they cost, when there are many.
 */
const { values } = parseArgs({
  options: {
    callers: { type: 'string', default: '20' },
    seconds: { type: 'string', default: '60' },
    /** Over plain RTP instead of WebRTC: what ICE, DTLS and SRTP cost the callers' process is not in it. */
    plain: { type: 'boolean', default: false },
    /** A real recogniser and real voices; the model keeps to its fixed words, so that all calls are alike. */
    offline: { type: 'boolean', default: false },
    /** Also where the main thread's time goes. */
    profile: { type: 'boolean', default: false },
    json: { type: 'boolean' },
  },
});
const result = await runLoad({
  callers: Number(values.callers),
  seconds: Number(values.seconds),
  media: values.plain ? 'plain' : 'webrtc',
  profile: values.profile,
  env: values.offline ? { STT: 'offline', TTS: 'offline' } : {},
});
const { failures, callers, cpuPercentPerCall, memoryMbPerCall, profile, ...measured } = result;
const shownShares = 20;
const rows = Object.entries(measured).map(([what, ms]) => ({
  what,
  count: ms.length,
  median: median(ms),
  p95: quantile(ms, 0.95),
  p99: quantile(ms, 0.99),
  p999: quantile(ms, 0.999),
  max: quantile(ms, 1),
  /** A packet or more behind. */
  over20: what.endsWith('Lateness') ? ms.filter((each) => each > 20).length / ms.length : NaN,
}));
const machine = { cores: cpus().length, load: loadavg()[0] ?? NaN };
if (values.json) {
  const report = { callers, cpuPercentPerCall, memoryMbPerCall, machine, rows, profile, failures };
  process.stdout.write(`${JSON.stringify(report)}\n`);
} else {
  const head = ['ms', 'count', 'median', 'p95', 'p99', 'p99.9', 'max', '> 20 ms'];
  const body = rows.map(({ what, count, over20, ...ms }) => [
    what,
    count,
    ...Object.values(ms).map((value) => value.toFixed(1)),
    Number.isNaN(over20) ? '' : `${(over20 * 100).toFixed(2)} %`,
  ]);
  process.stdout.write(`${writeTable([head, ...body])}\n`);
  process.stdout.write(
    `${callers} callers, per call ${cpuPercentPerCall.toFixed(2)} % of a core and ${memoryMbPerCall.toFixed(1)} MB; ` +
      `${machine.cores} cores, load ${machine.load.toFixed(1)}\n`,
  );
  if (profile.length > 0)
    process.stdout.write(
      `\nmain thread\n${writeTable([
        ['where', '% of time'],
        ...profile.slice(0, shownShares).map(({ name, share }) => [name, (share * 100).toFixed(1)]),
      ])}\n`,
    );
  for (const failure of new Set(failures)) process.stdout.write(`failed: ${failure}\n`);
}
process.exit(failures.length > 0 ? 1 : 0);
