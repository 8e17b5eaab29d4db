import type { Intent } from '../intents/intent.ts';
import type { ScoredIntent } from './intent-classifier.ts';

/** What is known of a wish that is not settled yet. */
export interface Evidence {
  /** What the sentences so far spoke for, best first. */
  readonly scored: readonly ScoredIntent[];
  /** Asked for, and answered with a no. */
  readonly rejected: readonly Intent[];
}

export const noEvidence: Evidence = { scored: [], rejected: [] };

/** Who says it again says it in words that are understood better or worse: the last ones count most. */
const earlierShare = 0.4;
/** A "no" may have been misheard: said again clearly, it is asked for again. */
const rejectedShare = 0.3;
const remembered = 5;

/** The intents of a sentence in the light of those before it, best first. */
export function weighEvidence(
  scored: readonly ScoredIntent[],
  { scored: earlier, rejected }: Evidence,
): readonly ScoredIntent[] {
  const before = new Map(earlier.map(({ intent, score }) => [intent, score]));
  return scored
    .map(({ intent, score }) => {
      const known = Math.min(1, score + earlierShare * (before.get(intent) ?? 0));
      return { intent, score: rejected.includes(intent) ? rejectedShare * known : known };
    })
    .toSorted((one, other) => other.score - one.score);
}

export function remember(scored: readonly ScoredIntent[], evidence: Evidence): Evidence {
  return { ...evidence, scored: scored.slice(0, remembered) };
}

export function reject(intent: Intent, { scored, rejected }: Evidence): Evidence {
  return { scored, rejected: [...rejected, intent] };
}
