import { addCounts, writeClosingLine, writeFailures, writeSlowest } from './closing-line.mjs';
import { listenForEnd } from './ending.mjs';
import { npmEnvironment } from './npm.mjs';
import { combineWants, selectPhases } from './phases/index.mjs';
import { setup } from './setup.mjs';
import { createSteps } from './steps.mjs';

const write = (line) => process.stdout.write(`${line}\n`);
const end = listenForEnd();

try {
  const { failed } = await test();
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  process.stderr.write(`\n${end.aborted ? `Ended: ${end.reason.message}.` : error.message}\n`);
  process.exitCode = end.aborted ? end.reason.exitCode : 1;
}
process.exit();

async function test() {
  const selected = selectPhases(process.env.VOICEBUS_TEST_ONLY);
  const steps = createSteps({ write });
  const { toolchain, environment } = await setup({
    wants: combineWants(selected),
    steps,
    signal: end,
  });
  const results = [];
  for (const phase of selected) {
    write(`\n── ${phase.name}`);
    const result = await phase.run({
      toolchain,
      environment: {
        ...npmEnvironment(),
        ...environment,
        ...(!process.stdout.isTTY && { NO_COLOR: '1' }),
      },
      signal: end,
      write,
    });
    results.push(result);
    write(`── ${phase.name}: ${writeClosingLine(result.counts)}`);
  }
  const tests = results.flatMap((result) => result.tests);
  if (tests.length > 0) write(['\nSlowest tests:', ...writeSlowest(tests)].join('\n'));
  const failures = results.flatMap((result) => result.failures);
  if (failures.length > 0) write(['\nFailed:', ...writeFailures(failures)].join('\n'));
  const total = addCounts(results.map(({ counts }) => counts));
  write(`\nAfter ${steps.elapsed()}:\n${writeClosingLine(total)}`);
  return total;
}
