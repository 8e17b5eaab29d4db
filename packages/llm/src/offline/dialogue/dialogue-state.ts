import type { Intent } from '../intents/intent.ts';
import type { Evidence } from '../understanding/evidence.ts';
import { noEvidence } from '../understanding/evidence.ts';
import type { DeveloperNote } from './developer-note.ts';
import type { Question } from './question.ts';

/** What the caller's last message meant, given what was asked before it. */
export type Heard =
  | { readonly type: 'nothing' }
  | { readonly type: 'not-understood' }
  /** Talk about the conversation itself: thanks, repeat, goodbye … */
  | { readonly type: 'talk'; readonly intent: Intent }
  /** A new wish; it is in `state.intent` already. */
  | { readonly type: 'wish' }
  | { readonly type: 'unsure'; readonly intent: Intent }
  /** The question was answered: go on with the wish. */
  | { readonly type: 'progress' }
  /** "No" to a question that proposes something. */
  | { readonly type: 'declined' }
  /** "No" to "Did you say …?" or to "Is that right?" without a better answer. */
  | { readonly type: 'rejected' }
  /** Some digits, but not an order number's. */
  | { readonly type: 'digits'; readonly digits: string }
  | { readonly type: 'no-number' }
  /** "Yes" to the offer of a ticket. */
  | { readonly type: 'ticket' }
  /** "Go on", after an interruption. */
  | { readonly type: 'go-on' }
  | { readonly type: 'yes' }
  | { readonly type: 'no' };

/** Where a conversation stands. All of it is read from the messages, by `readDialogue`. */
export interface DialogueState {
  /** What the caller wants and has not got; null when there is nothing open. */
  intent: Intent | null;
  /** What the caller wanted last, also when it is done. */
  lastIntent: Intent | null;
  orderNumber: string | null;
  isOrderConfirmed: boolean;
  /** The caller agreed to what the intent does. */
  isApproved: boolean;
  product: string | null;
  plan: string | null;
  /** Steps of troubleshooting that were given for this product. */
  steps: number;
  isLastStep: boolean;
  question: Question | undefined;
  /** The question that the caller's last message came after. */
  answered: Question | undefined;
  heard: Heard;
  /** What was said about the wish that is open. */
  evidence: Evidence;
  /** Messages in a row that were not understood, the last one included. */
  misunderstandings: number;
  note: DeveloperNote | undefined;
}

export function emptyState(): DialogueState {
  return {
    intent: null,
    lastIntent: null,
    orderNumber: null,
    isOrderConfirmed: false,
    isApproved: false,
    product: null,
    plan: null,
    steps: 0,
    isLastStep: false,
    question: undefined,
    answered: undefined,
    heard: { type: 'nothing' },
    evidence: noEvidence,
    misunderstandings: 0,
    note: undefined,
  };
}
