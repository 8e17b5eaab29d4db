import { allIntents } from '../intents/all-intents.ts';
import type { Intent } from '../intents/intent.ts';
import { callerSummary } from '../intents/intent.ts';
import type { IntentClassifier } from '../understanding/intent-classifier.ts';
import { judge } from '../understanding/judgement.ts';

/** What a developer message asks for. */
export type DeveloperNote =
  | { readonly type: 'welcome' }
  | { readonly type: 'silence' }
  /** The caller spoke, and no word of it was made out. */
  | { readonly type: 'unheard' }
  /** Another agent could not be reached, or is gone: the caller is told, and this one goes on. */
  | { readonly type: 'unavailable' }
  /** This agent takes the place of one that was cut off in the middle. */
  | { readonly type: 'takeover' }
  /** Why the caller was handed over; `intent` when that is one of ours. */
  | { readonly type: 'reason'; readonly intent: Intent | undefined };

export function readDeveloperNote(text: string, classifier: IntentClassifier): DeveloperNote {
  if (/\b(?:made out|not hear|unheard)\b/i.test(text)) return { type: 'unheard' };
  if (/\b(?:silent|silence|quiet|not said anything|said nothing|still there|idle)\b/i.test(text)) {
    return { type: 'silence' };
  }
  if (/\b(?:cut off|crashed|takes? over|go on from)\b/i.test(text)) return { type: 'takeover' };
  if (
    /\b(?:not available|unavailable|not be reached|failed|refused|did not answer)\b/i.test(text)
  ) {
    return { type: 'unavailable' };
  }
  if (/\b(?:welcome|greet)\b/i.test(text)) return { type: 'welcome' };
  return { type: 'reason', intent: readReason(text, classifier) };
}

/** Our own words first; another model's are classified like a caller's. */
function readReason(text: string, classifier: IntentClassifier): Intent | undefined {
  const own = allIntents.find((intent) => text.includes(callerSummary(intent)));
  if (own !== undefined) return own;
  const judgement = judge(classifier.classify(text));
  return judgement.type === 'nothing' ? undefined : judgement.intent;
}
