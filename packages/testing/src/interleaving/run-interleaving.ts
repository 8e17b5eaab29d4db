import { actions } from './call-actions.ts';
import { findViolations } from './invariants.ts';
import { SeededRandom } from './random.ts';
import { InterleavingStage } from './stage.ts';

export interface InterleavingResult {
  readonly seed: number;
  readonly violations: readonly string[];
  /** What happened, in order, for whoever replays it. */
  readonly steps: readonly string[];
}

/** An action every tenth of a second on average, so that most of them meet something under way. */
const longestPauseMs = 250;
/** Longer than every deadline on the way: lease, takeover, tool, response. */
const settleMs = 6_000;
/** With a live agent the floor is not empty for longer than a lease, a takeover and its deadlines. */
const longestEmptyFloorMs = 5_000;
const lookEveryMs = 100;

/**
 * Plays random actions on two calls, at random moments, and checks what must hold. The same seed plays
 * exactly the same run.
 */
export async function runInterleaving(seed: number, actionCount = 30): Promise<InterleavingResult> {
  const random = new SeededRandom(seed);
  const stage = new InterleavingStage(random);
  const steps: string[] = [];
  const violations: string[] = [];
  await stage.start();
  const stopWatching = watchFloors(stage, violations);
  for (let count = 0; count < actionCount; count += 1) {
    const action = random.pick(actions);
    const call = random.pick(stage.calls);
    steps.push(`${stage.clock.now()} ${call.sessionId} ${action.name}`);
    action.run(stage, call, random);
    await stage.clock.advance(random.between(0, longestPauseMs));
  }
  stage.plugAllIn();
  await stage.restartAgents();
  stage.finishTools();
  await stage.clock.advance(longestEmptyFloorMs);
  await stage.clock.advance(settleMs);
  // Whoever speaks now is answered, whatever went before.
  const last = stage.calls.map((call) => ({ call, words: stage.nextWords(call, 'plain') }));
  for (const { call, words } of last) await call.type(words);
  await stage.clock.advance(settleMs);
  for (const { call, words } of last) {
    if (!call.transcript.some((line) => line.includes(words)))
      violations.push(`${call.sessionId}: "${words}" was not answered`);
  }
  stopWatching();
  violations.push(...findViolations(stage));
  await stage.close();
  if (stage.clock.pending > 0) violations.push(`${stage.clock.pending} timers are left`);
  return { seed, violations, steps };
}

/** All the time: nobody waits for long for somebody to talk to while there is somebody who could. */
function watchFloors(stage: InterleavingStage, violations: string[]): () => void {
  const emptySinceMs = new Map<string, number>();
  let cancel: (() => void) | undefined;
  const look = (): void => {
    const now = stage.clock.now();
    for (const call of stage.calls) {
      const { sessionId, bridge } = call;
      const isEmpty = bridge.owner.holder === null && stage.needsHolder(call);
      const sinceMs = isEmpty ? (emptySinceMs.get(sessionId) ?? now) : now;
      emptySinceMs.set(sessionId, sinceMs);
      // Told once, at the look by which it has been so long.
      if (now - sinceMs !== longestEmptyFloorMs) continue;
      violations.push(`${sessionId}: the floor is empty for ${longestEmptyFloorMs} ms`);
    }
    cancel = stage.clock.after(lookEveryMs, look);
  };
  look();
  return () => cancel?.();
}
