import { RunnerBus, VoicebusError, type Bus, type Clock } from '@voicebus/core';

/** One more process on a bus, that nobody looks after: its workers subscribe by themselves. */
export async function joinRunner(options: {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly incarnation: string;
}): Promise<RunnerBus> {
  const runner = new RunnerBus({
    ...options,
    onUnrouted: () => new VoicebusError('no-such-worker', 'nobody'),
    onProblem: () => {},
  });
  await runner.join({ onRecord: () => {}, onLeft: () => {}, onLink: () => {} });
  return runner;
}
