import type { CallCase } from './call-cases.ts';

export type CallerMove =
  | { readonly type: 'say'; readonly text: string }
  /** States the need again, which is another attempt; first of all denies what was asked. */
  | { readonly type: 'repeat'; readonly isDenied?: boolean };

const digitWords = 'zero one two three four five six seven eight nine'.split(' ');

export function spokenDigits(digits: string): string {
  return [...digits].map((digit) => digitWords[Number(digit)] ?? digit).join(' ');
}

/**
 * What a patient caller says to what the bot just said. Nobody knows of intents here: only of words. Without
 * commas: synthetic voices make a pause of them that nobody makes after "yes".
 */
export function callerMove(heard: string, wanted: CallCase): CallerMove {
  const question = lastQuestion(heard);
  const number = wanted.orderNumber;
  // The number may stand in the sentence before: "I heard 4 2 7 1. Is that right?"
  const repeated = isConfirmation(question) ? digitsIn(heard) : digitsIn(question);
  if (repeated.length >= 3 && number !== undefined) {
    if (repeated === number) return say('Yes that is right.');
    return say(`No it is ${spokenDigits(number)}.`);
  }
  if (/order number|number, please|four digits|which order/i.test(question)) {
    return say(number === undefined ? 'I do not have one.' : spokenDigits(number));
  }
  if (/did you (say|mean)|do you (want|mean)|is it about|you want/i.test(question)) {
    return wanted.about.test(question) ? say('Yes please.') : { type: 'repeat', isDenied: true };
  }
  if (isConfirmation(question) || /^\W*(shall|should|may) i/i.test(question)) {
    const isWanted = wanted.about.test(heard) || !/ticket/i.test(question);
    return isWanted ? say('Yes please.') : { type: 'repeat', isDenied: true };
  }
  if (/which (product|device|one)|what (product|device)/i.test(question)) {
    const product = /kettle|coffee machine|vacuum cleaner|headphones|speaker|lamp/i.exec(
      wanted.need,
    );
    return product ? say(`The ${product[0]}.`) : { type: 'repeat' };
  }
  return { type: 'repeat' };
}

const say = (text: string): CallerMove => ({ type: 'say', text });

/** People answer what was asked last. */
function lastQuestion(heard: string): string {
  const sentences = heard.match(/[^.?!]+[.?!]*/g) ?? [heard];
  const question = sentences.findLast((sentence) => sentence.includes('?'));
  return (question ?? heard).trim();
}

function isConfirmation(question: string): boolean {
  return /is (that|it|this) (right|correct)|(right|correct)\?/i.test(question);
}

function digitsIn(text: string): string {
  return text.replaceAll(/\D/g, '');
}
