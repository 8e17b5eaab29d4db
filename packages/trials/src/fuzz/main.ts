import { parseArgs } from 'node:util';
import { describeFuzz } from './describe-fuzz.ts';
import { runFuzz } from './run-fuzz.ts';
import { surfaces } from './surfaces/index.ts';

const names = surfaces.map(({ name }) => name);
const { values } = parseArgs({
  options: {
    surface: { type: 'string', default: names.join(',') },
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    inputs: { type: 'string' },
  },
});
const wanted = values.surface.split(',');
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`--surface ${unknown.join(',')} is not one of: ${names.join(', ')}\n`);
  process.exit(1);
}
const seed = Number(values.seed ?? Math.trunc(Math.random() * 2 ** 31));
let hasFailed = false;
for (const surface of surfaces.filter(({ name }) => wanted.includes(name))) {
  process.stdout.write(`${surface.name}: replay with --surface ${surface.name} --seed ${seed}\n`);
  const write = (result: Parameters<typeof describeFuzz>[0]): void => {
    process.stdout.write(`${describeFuzz(result)}\n`);
  };
  const result = await runFuzz(surface, {
    seed,
    durationMs: Number(values.minutes) * 60_000,
    onProgress: write,
    ...(values.inputs === undefined ? {} : { inputs: Number(values.inputs) }),
  });
  write(result);
  hasFailed ||= result.failures.length > 0;
}
process.exit(hasFailed ? 1 : 0);
