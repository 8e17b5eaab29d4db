import { FakeClock } from '@voicebus/testing';
import { expect, it } from 'vitest';
import { TurnDesk } from './turn-desk.ts';

function start() {
  const clock = new FakeClock();
  const unanswered: string[] = [];
  const desk = new TurnDesk({
    clock,
    responseTimeoutMs: 4_000,
    onNoAnswer: (turnId) => unanswered.push(turnId),
  });
  return { clock, desk, unanswered };
}

it('says of a turn that nobody answered in time, and of no other', async () => {
  const { clock, desk, unanswered } = start();
  desk.open('first');
  desk.open('second');
  await clock.advance(4_000);
  expect(unanswered).toEqual(['second']);
  desk.open('third');
  expect(desk.answered()).toBe(true);
  await clock.advance(60_000);
  expect(unanswered).toEqual(['second']);
});

it('opens no turn once the call is over, as a handoff would that fails by its end', async () => {
  const { clock, desk, unanswered } = start();
  desk.open('asked for a handoff');
  const turnId = desk.close() ?? '';
  desk.shut();
  desk.open(turnId);
  expect(desk.openTurnId).toBeNull();
  expect(clock.pending).toBe(0);
  await clock.advance(60_000);
  expect(unanswered).toEqual([]);
});
