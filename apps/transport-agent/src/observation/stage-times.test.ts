import { writtenCall } from '@voicebus/session-view/written-call';
import { expect, it } from 'vitest';
import { StageTimes } from './stage-times.ts';

it('tells each part of each answer once, and forgets the call with its end', () => {
  const told: string[] = [];
  const times = new StageTimes((part, ms) => told.push(`${part} ${ms > 0}`));
  for (const event of writtenCall) times.take(event);
  const endpointing = told.filter((line) => line === 'endpointing true');
  const spokenTurns = new Set(
    writtenCall.flatMap((event) => (event.type === 'turn-ruled-end' ? [event.turnId] : [])),
  );
  expect(endpointing).toHaveLength(spokenTurns.size);
  expect(told).toContain('model true');
  expect(told).toContain('synthesis true');
  const count = told.length;
  for (const event of writtenCall.filter(({ type }) => type === 'turn-ended')) times.take(event);
  // What ended with the call has no marks any more, so it tells nothing.
  expect(told).toHaveLength(count);
});
