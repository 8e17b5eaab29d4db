import { allIntents } from '../intents/all-intents.ts';
import type { Intent } from '../intents/intent.ts';

/** What the agent asked last. It is read from what was said, since that is all a successor has. */
export type Question =
  | { readonly type: 'confirm-intent'; readonly intent: Intent }
  | { readonly type: 'confirm-order'; readonly orderNumber: string }
  | { readonly type: 'order-number' }
  | { readonly type: 'confirm-action' }
  | { readonly type: 'confirm-ticket' }
  | { readonly type: 'product' }
  | { readonly type: 'plan' }
  | { readonly type: 'did-help' }
  | { readonly type: 'anything-else' }
  | { readonly type: 'still-there' };

/** The wordings that all the questions of this model have in common. */
export const questionEndings = {
  confirmIntent: (summary: string) => `Did you say that you ${summary}?`,
  confirmOrder: 'Is that right?',
  didHelp: 'Did that help?',
} as const;

/** Undefined when nothing is asked, or when the caller did not hear what. */
export function readQuestion(said: string): Question | undefined {
  const question = /([^.!?]*)\?\s*$/.exec(said)?.[0].trim();
  if (question === undefined) return undefined;
  for (const intent of allIntents) {
    if (said.includes(questionEndings.confirmIntent(intent.summary))) {
      return { type: 'confirm-intent', intent };
    }
  }
  if (question === questionEndings.confirmOrder) {
    const orderNumber = /order (?:number )?(\d[\d ]*\d)[^?]*Is that right\?$/i.exec(said)?.[1];
    if (orderNumber !== undefined) {
      return { type: 'confirm-order', orderNumber: orderNumber.replaceAll(' ', '') };
    }
  }
  if (question === questionEndings.didHelp) return { type: 'did-help' };
  if (/\bshall I open a ticket\b/i.test(question)) return { type: 'confirm-ticket' };
  if (/\bshall I\b/i.test(question)) return { type: 'confirm-action' };
  if (/\bwhich plan\b/i.test(question)) return { type: 'plan' };
  if (/\bwhich (?:device|product)\b/i.test(question)) return { type: 'product' };
  if (/\border number\b|\bdigits\b/i.test(question)) return { type: 'order-number' };
  if (/\b(?:anything|something) else\b/i.test(question)) return { type: 'anything-else' };
  if (/\bstill there\b/i.test(question)) return { type: 'still-there' };
  return undefined;
}
