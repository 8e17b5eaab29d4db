import { expect, test } from 'vitest';
import { callerMove, spokenDigits } from './call-policy.ts';

const order = {
  need: 'Where is it?',
  inOtherWords: 'I want to know where it is.',
  tool: 'look_up_order',
  orderNumber: '4271',
  about: /where your order is/i,
};
const said = (heard: string): string => {
  const move = callerMove(heard, order);
  if (move.type === 'say') return move.text;
  return move.isDenied ? '(no, again)' : '(again)';
};

test.each([
  ['Hello, this is support. What is the order number, please?', 'four two seven one'],
  ['I heard 4 2 7 1. Is that right?', 'Yes that is right.'],
  ['Order 4 2 1 1, is that right?', 'No it is four two seven one.'],
  ['Sorry. Did you say that you want to know where your order is?', 'Yes please.'],
  ['Did you say that you want a refund?', '(no, again)'],
  ['Shall I cancel it?', 'Yes please.'],
  ['What can I do for you?', '(again)'],
])('to "%s" they say "%s"', (heard, answer) => {
  expect(said(heard)).toBe(answer);
});

test('digits are said one by one', () => {
  expect(spokenDigits('1055')).toBe('one zero five five');
});
