import { FakeClock } from '@voicebus/testing';
import { expect, test } from 'vitest';
import { problemLog } from './problem-log.ts';

function start() {
  const clock = new FakeClock();
  const lines: { what: string; times: number }[] = [];
  const report = problemLog(
    {
      warn: (fields: { times?: number }, what: string) =>
        void lines.push({ what, times: fields.times ?? 1 }),
    } as never,
    clock,
  );
  return { clock, lines, report };
}

test('the same problem is told once a minute, with how often it came', async () => {
  const { clock, lines, report } = start();
  for (let count = 0; count < 500; count += 1) report('main on custom-frame', new Error('unknown'));
  expect(lines).toEqual([{ what: 'main on custom-frame', times: 1 }]);
  await clock.advance(60_000);
  report('main on custom-frame', new Error('unknown'));
  expect(lines[1]).toEqual({ what: 'main on custom-frame', times: 500 });
  await clock.advance(60_000);
  report('main on custom-frame', new Error('unknown'));
  expect(lines[2]).toEqual({ what: 'main on custom-frame', times: 1 });
});

test('different problems do not hide each other, and are not kept for ever', () => {
  const { lines, report } = start();
  report('main', new Error('one'));
  report('main', new Error('two'));
  report('other', new Error('one'));
  report('other');
  expect(lines).toHaveLength(4);
  for (let count = 0; count < 1_000; count += 1) report('main', new Error(`number ${count}`));
  // Forgotten by now, and told again.
  report('main', new Error('one'));
  expect(lines).toHaveLength(1_005);
});
