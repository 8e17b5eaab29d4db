import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { quantile } from '../report/quantile.ts';
import { writeTable } from '../report/table.ts';
import { keepCoresBusy } from './busy-cores.ts';
import { holdCalls } from './hold-calls.ts';
import { killSpeakers } from './kill-speakers.ts';
import { ServedChannel } from './served-channel.ts';

/**
 * `npm run bench:takeover -- --times 30 [--signal SIGSTOP]`: the agent that speaks is killed (or stopped) at a
 * random moment of its sentence, over Redis. How long until another replica has the floor, and says its first word?
 *
 * `-- --hold 10m [--busy]`: nobody is killed. How often does one replica take over from another all the same, with
 * every core of the machine at work?
 */
const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '30' },
    signal: { type: 'string', default: 'SIGKILL' },
    hold: { type: 'string' },
    busy: { type: 'boolean', default: false },
    json: { type: 'boolean' },
  },
});
const channel = await ServedChannel.start();
const load = (): number => loadavg()[0] ?? Number.NaN;
try {
  if (values.hold === undefined) await kill();
  else await hold(readDuration(values.hold));
} finally {
  await channel[Symbol.asyncDispose]();
}
process.exit();

async function kill(): Promise<void> {
  const signal = values.signal === 'SIGSTOP' ? 'SIGSTOP' : 'SIGKILL';
  const { floorMs, wordMs, problems } = await killSpeakers(channel, {
    times: Number(values.times),
    signal,
  });
  const rows = [
    { what: 'another has the floor', ms: floorMs },
    { what: 'its first word is accepted', ms: wordMs },
  ].map(({ what, ms }) => ({
    what,
    count: ms.length,
    median: quantile(ms, 0.5),
    p95: quantile(ms, 0.95),
    max: quantile(ms, 1),
  }));
  if (values.json) {
    write(JSON.stringify({ signal, rows, problems, load: load() }));
    return;
  }
  const table = rows.map(({ what, count, ...ms }) => [
    what,
    count,
    ...Object.values(ms).map((value) => value.toFixed(0)),
  ]);
  write(writeTable([[`ms after ${signal}`, 'count', 'median', 'p95', 'max'], ...table]));
  write(`told to callers: ${problems}; load ${load().toFixed(1)}`);
}

async function hold(forMs: number): Promise<void> {
  using parts = new DisposableStack();
  if (values.busy) parts.use(keepCoresBusy());
  const held = await holdCalls(channel, forMs);
  if (values.json) write(JSON.stringify({ ...held, load: load() }));
  else {
    const { calls, turns, takeovers, lost, problems } = held;
    const rows = [
      ['false takeovers', takeovers],
      ['live runners declared lost', lost],
      ['told to callers', problems],
    ];
    write(writeTable([[`${calls} calls for ${values.hold}, ${turns} turns`, 'times'], ...rows]));
    write(`load ${load().toFixed(1)}`);
  }
  process.exitCode = held.takeovers + held.lost > 0 ? 1 : 0;
}

/** "10m", "30s": milliseconds. */
function readDuration(text: string): number {
  const [, count, unit] = /^(\d+)([ms])$/.exec(text) ?? [];
  if (!count || !unit) throw new Error(`--hold=${text} is no time such as 10m or 30s.`);
  return Number(count) * (unit === 'm' ? 60_000 : 1_000);
}

function write(text: string): void {
  process.stdout.write(`${text}\n`);
}
