import type { Intent } from '../intents/intent.ts';
import { readAnswer } from '../understanding/answers.ts';
import type { IntentClassifier } from '../understanding/intent-classifier.ts';
import type { Judgement } from '../understanding/judgement.ts';
import { judge } from '../understanding/judgement.ts';
import { reject, remember, weighEvidence } from '../understanding/evidence.ts';
import { likeness } from '../understanding/likeness.ts';
import { allDigits, correctNumber, spokenDigits } from '../understanding/numbers.ts';
import { plainWords } from '../understanding/words.ts';
import type { DialogueState, Heard } from './dialogue-state.ts';
import type { OfferedTools } from './offered-tools.ts';

/** The demo shop's order numbers, and the parameter's pattern. */
const orderNumberLength = 4;
/** These are about the conversation: they interrupt a question without answering it. */
const talk = new Set(
  'repeat thanks help goodbye greeting how-are-you who-are-you tell-joke'.split(' '),
);
/** While a question waits, only these count as talk: "great" is an answer then, not small talk. */
const talkDuringQuestion = new Set(['repeat', 'help', 'goodbye', 'who-are-you']);
/** After these the next sentence may be the same wish again. */
const aboutWish = new Set<Heard['type']>(['wish', 'unsure', 'not-understood']);
const goOn = /^(?:please )?(?:go on|continue|carry on|keep going|go ahead and finish)\b/;
const noNumber =
  /\b(?:do not|can not|not) (?:have|know|find|remember|got)\b.*\b(?:it|number|one)?\b|\bno (?:idea|number)\b|\blost it\b/;

/** Reads one message of the caller and moves the state on. */
export class Listener {
  readonly #classifier: IntentClassifier;
  readonly #tools: OfferedTools;

  constructor(classifier: IntentClassifier, tools: OfferedTools) {
    this.#classifier = classifier;
    this.#tools = tools;
  }

  hear(text: string, state: DialogueState): void {
    const { question } = state;
    if (question?.type === 'confirm-intent' && readAnswer(text) === 'no')
      state.evidence = reject(question.intent, state.evidence);
    const scored = weighEvidence(this.#classifier.classify(text), state.evidence);
    const judgement = judge(scored);
    const heard: Heard =
      (goOn.test(plainWords(text)) ? { type: 'go-on' } : undefined) ??
      this.#hearTalk(text, state, judgement) ??
      this.#hearAnswer(text, state, judgement) ??
      this.#hearWish(text, state, judgement);
    if (heard.type === 'wish') this.#noteDetails(text, state);
    if (aboutWish.has(heard.type)) state.evidence = remember(scored, state.evidence);
    state.heard = heard;
    state.answered = state.question;
    state.question = undefined;
    state.misunderstandings = heard.type === 'not-understood' ? state.misunderstandings + 1 : 0;
  }

  #hearTalk(text: string, state: DialogueState, judgement: Judgement): Heard | undefined {
    if (judgement.type !== 'sure' || !talk.has(judgement.intent.name)) return undefined;
    if (spokenDigits(text) !== '') return undefined;
    const isQuestionOpen = state.question !== undefined;
    if (isQuestionOpen && readAnswer(text) !== 'unclear') return undefined;
    if (isQuestionOpen && !talkDuringQuestion.has(judgement.intent.name)) return undefined;
    return { type: 'talk', intent: judgement.intent };
  }

  #hearAnswer(text: string, state: DialogueState, judgement: Judgement): Heard | undefined {
    const { question } = state;
    const answer = readAnswer(text);
    const other = (): Heard | undefined => this.#otherWish(text, state, judgement);
    switch (question?.type) {
      case undefined:
        return undefined;
      case 'confirm-intent':
        if (answer === 'yes') return this.#setIntent(state, question.intent);
        if (answer !== 'no') return undefined;
        state.intent = null;
        return other() ?? { type: 'rejected' };
      case 'confirm-order':
      case 'order-number':
        return this.#hearNumber(text, state, other);
      case 'confirm-action':
        if (answer === 'yes') {
          state.isApproved = true;
          return { type: 'progress' };
        }
        if (answer === 'no') return other() ?? this.#decline(state);
        return other();
      case 'confirm-ticket':
        if (answer === 'yes') return { type: 'ticket' };
        if (answer === 'no') return other() ?? this.#decline(state);
        return other();
      case 'product':
      case 'plan':
        return this.#hearChoice(text, state) ?? other();
      case 'did-help':
      case 'anything-else':
      case 'still-there':
        return other() ?? (answer === 'unclear' ? undefined : { type: answer });
    }
  }

  #hearNumber(
    text: string,
    state: DialogueState,
    other: () => Heard | undefined,
  ): Heard | undefined {
    const { question } = state;
    const asked = question?.type === 'confirm-order' ? question.orderNumber : undefined;
    const all = allDigits(text);
    // Asked for a number, people say one: a word between its digits was misheard.
    const digits = all.length === orderNumberLength ? all : spokenDigits(text);
    const answer = readAnswer(text);
    // "I do not have one" is no digit.
    if (digits.length < 2 && noNumber.test(plainWords(text))) return { type: 'no-number' };
    if (digits.length === orderNumberLength)
      return this.#setNumber(state, digits, digits === asked);
    if (asked !== undefined && digits === '' && answer === 'yes') {
      return this.#setNumber(state, asked, true);
    }
    if (digits !== '') {
      const whole = asked === undefined ? undefined : correctNumber(asked, digits);
      if (whole !== undefined) return this.#setNumber(state, whole, false);
      state.orderNumber = null;
      return { type: 'digits', digits };
    }
    const wish = other();
    if (wish !== undefined) return wish;
    if (answer !== 'no') return undefined;
    state.orderNumber = null;
    return { type: 'rejected' };
  }

  #hearChoice(text: string, state: DialogueState): Heard | undefined {
    const product = this.#findProduct(text);
    if (state.question?.type === 'product' && product !== undefined) {
      state.product = product;
      return { type: 'progress' };
    }
    const plan = this.#findPlan(text);
    if (state.question?.type !== 'plan' || plan === undefined) return undefined;
    state.plan = plan;
    return { type: 'progress' };
  }

  #hearWish(text: string, state: DialogueState, judgement: Judgement): Heard {
    const hasNumber = this.#noteNumber(text, state);
    if (judgement.type === 'sure') {
      if (talk.has(judgement.intent.name)) return { type: 'talk', intent: judgement.intent };
      return this.#setIntent(state, judgement.intent);
    }
    if (judgement.type === 'unsure') {
      this.#noteDetails(text, state);
      return { type: 'unsure', intent: judgement.intent };
    }
    // A number by itself, or a "yes" to a question that the caller heard only half.
    if (state.intent !== null && (hasNumber || readAnswer(text) !== 'unclear')) {
      return { type: 'progress' };
    }
    return { type: 'not-understood' };
  }

  /** A wish that is another one than what is being talked about; "no, I want …" may be unsure. */
  #otherWish(text: string, state: DialogueState, judgement: Judgement): Heard | undefined {
    if (judgement.type === 'nothing' || talk.has(judgement.intent.name)) return undefined;
    if (judgement.intent === state.intent) return undefined;
    if (judgement.type === 'sure') return this.#setIntent(state, judgement.intent);
    const { intent } = judgement;
    return saysMore(text) ? { type: 'unsure', intent } : undefined;
  }

  #setIntent(state: DialogueState, intent: Intent): Heard {
    if (state.intent !== intent) {
      state.isApproved = false;
      state.steps = 0;
      state.isLastStep = false;
    }
    state.intent = intent;
    state.lastIntent = intent;
    return { type: 'wish' };
  }

  #setNumber(state: DialogueState, orderNumber: string, isConfirmed: boolean): Heard {
    state.orderNumber = orderNumber;
    state.isOrderConfirmed = isConfirmed;
    // "You want to cancel order 4271. Is that right?" asks for both.
    state.isApproved = isConfirmed;
    return { type: 'progress' };
  }

  /** What the wish is about, if it was said with it. */
  #noteDetails(text: string, state: DialogueState): void {
    this.#noteNumber(text, state);
    state.product = this.#findProduct(text) ?? state.product;
    state.plan = this.#findPlan(text) ?? state.plan;
  }

  #noteNumber(text: string, state: DialogueState): boolean {
    const digits = spokenDigits(text);
    if (digits.length !== orderNumberLength) return false;
    if (digits !== state.orderNumber) this.#setNumber(state, digits, false);
    return true;
  }

  #decline(state: DialogueState): Heard {
    state.intent = null;
    return { type: 'declined' };
  }

  #findProduct(text: string): string | undefined {
    const names = [
      ...this.#tools.choices('check_stock', 'product'),
      ...this.#tools.choices('troubleshooting_step', 'product'),
    ];
    return findName(text, names);
  }

  #findPlan(text: string): string | undefined {
    return findName(text, this.#tools.choices('change_subscription', 'plan'));
  }
}

/** More than an answer by itself: a "no" with a sentence after it. */
function saysMore(text: string): boolean {
  return readAnswer(text) === 'no' && plainWords(text).split(' ').length >= 4;
}

/** The name with the most words in the text, its last word (the noun) counting most. */
function findName(text: string, names: readonly string[]): string | undefined {
  const heard = plainWords(text).split(' ');
  const singular = (word: string): string => word.replace(/s$/, '');
  const sureness = (word: string): number =>
    Math.max(0, ...heard.map((other) => likeness(singular(other), singular(word))));
  let best: { name: string; score: number } | undefined;
  for (const name of names) {
    const words = name.split(' ');
    const noun = sureness(words.at(-1) ?? '');
    const score = noun * 2 + words.slice(0, -1).reduce((sum, word) => sum + sureness(word), 0);
    // An adjective alone ("coffee") is not enough when several things have it.
    if (score >= 1 && score > (best?.score ?? 0)) best = { name, score };
  }
  return best?.name;
}
