import { plainWords } from './words.ts';

export type Answer = 'yes' | 'no' | 'unclear';

const yes =
  /^(?:(?:oh|um|uh|well|and) )*(?:yes|yeah|yep|yup|ya|sure|correct|right|exactly|absolutely|definitely|of course|please do|go ahead|do (?:it|that|so)|okay|ok|fine|that is (?:right|correct|it|fine)|it is|it did|it does|it worked|you (?:got|have) it|sounds good|alright|all right|i (?:do|am|did|would))\b/;
const no =
  /^(?:(?:oh|um|uh|well|and|sorry) )*(?:no|nope|nah|not|never|wrong|incorrect|that is (?:wrong|not)|it is not|it did not|it does not|do not|i (?:do|did|would|said|am) not|rather not|negative)\b/;

/** Whether a short reply agrees. Only its beginning counts: "no, that is right" is a no. */
export function readAnswer(text: string): Answer {
  const plain = plainWords(text);
  if (no.test(plain)) return 'no';
  return yes.test(plain) ? 'yes' : 'unclear';
}
