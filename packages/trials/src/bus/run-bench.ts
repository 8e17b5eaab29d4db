import { median } from '../report/quantile.ts';
import type { BenchEnds } from './bench-ends.ts';
import type { BenchTask, Kind, Plane, Rate } from './bench-task.ts';

export type Metric = 'p50' | 'cpuSend' | 'cpuReceive' | 'bytes' | 'rate';

/** p50 and CPU in µs per message, bytes to Redis per message, rate in messages per second. */
export interface BenchRow {
  readonly bench: 'bus';
  readonly bus: 'redis';
  readonly plane: Plane;
  readonly kind: Kind;
  readonly rate: Rate;
  readonly metric: Metric;
  readonly ours: number | null;
  readonly raw: number | null;
  readonly ratio: number | null;
}

const traffic: readonly (readonly [Plane, Kind])[] = [
  ['media', 'audio'],
  ['session', 'token'],
  ['session', 'activation'],
];
const rates: readonly Rate[] = [50, 1_000, 5_000, 'max'];

/** Messages of one round: about a second of each rate, and of the most that is possible. */
function countOf(kind: Kind, rate: Rate): number {
  if (rate === 'max') return kind === 'activation' ? 5_000 : 30_000;
  return rate;
}

function metricsOf(rate: Rate): readonly Metric[] {
  return rate === 'max'
    ? ['rate', 'bytes', 'cpuSend', 'cpuReceive']
    : ['p50', 'cpuSend', 'cpuReceive', 'bytes'];
}

type Figures = Readonly<Record<Metric, number>>;

export interface BenchListener {
  /** A row could not be measured. */
  readonly onFailure: (what: string, thrown: unknown) => void;
  readonly onNote: (what: string) => void;
}

/** Ours and raw in turn, so that whatever else the machine does hits both. */
export async function* runBench(
  ends: BenchEnds,
  rounds: number,
  { onFailure, onNote }: BenchListener,
): AsyncGenerator<BenchRow> {
  for (const [plane, kind] of traffic) {
    for (const rate of rates) {
      const measured: Record<'ours' | 'raw', Figures[]> = { ours: [], raw: [] };
      const task = { plane, kind, rate, count: countOf(kind, rate), sessions: 1 };
      // The first round of each warms up, and does not count.
      for (let round = 0; round <= rounds; round += 1) {
        for (const way of ['ours', 'raw'] as const) {
          try {
            const { lost, ...figures } = await measure(ends, { ...task, way });
            if (round > 0) measured[way].push(figures);
            if (lost > 0) onNote(`${plane} ${kind} ${rate} ${way}: ${lost} of ${task.count} lost`);
          } catch (thrown) {
            onFailure(`${plane} ${kind} ${rate} ${way}`, thrown);
          }
        }
      }
      for (const metric of metricsOf(rate)) yield rowOf(task, metric, measured);
    }
  }
}

/** Latency of many sessions in one process against few, each with 10 tokens a second. */
export async function compareSessions(
  ends: BenchEnds,
  rounds: number,
): Promise<{ readonly many: number; readonly few: number }> {
  const measured: Record<'many' | 'few', number[]> = { many: [], few: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [which, sessions] of [
      ['few', 10],
      ['many', 500],
    ] as const) {
      const figures = await measure(ends, {
        way: 'ours',
        plane: 'session',
        kind: 'token',
        rate: 10 * sessions,
        count: 10 * sessions,
        sessions,
      });
      measured[which].push(figures.p50);
    }
  }
  return { many: median(measured.many), few: median(measured.few) };
}

async function measure(
  ends: BenchEnds,
  task: BenchTask,
): Promise<Figures & { readonly lost: number }> {
  const { cpuUs, bytes, receive } = await ends.run(task);
  return {
    p50: receive.p50Us,
    cpuSend: cpuUs / task.count,
    cpuReceive: receive.cpuUs / task.count,
    bytes: bytes / task.count,
    lost: task.count - receive.received,
    rate: (receive.received * 1_000) / receive.elapsedMs,
  };
}

function rowOf(
  { plane, kind, rate }: { readonly plane: Plane; readonly kind: Kind; readonly rate: Rate },
  metric: Metric,
  measured: Readonly<Record<'ours' | 'raw', readonly Figures[]>>,
): BenchRow {
  const ours = figureOf(measured.ours, metric);
  const raw = figureOf(measured.raw, metric);
  const ratio = ours === null || raw === null ? null : round(ours / raw, 3);
  return { bench: 'bus', bus: 'redis', plane, kind, rate, metric, ours, raw, ratio };
}

function figureOf(figures: readonly Figures[], metric: Metric): number | null {
  if (figures.length === 0) return null;
  return round(median(figures.map((each) => each[metric])), 2);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
