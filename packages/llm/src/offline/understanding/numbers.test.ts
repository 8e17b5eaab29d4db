import { expect, test } from 'vitest';
import { allDigits, correctNumber, spokenDigits } from './numbers.ts';

test.each([
  ['my order number is four two seven one', '4271'],
  ['forty two seventy one', '4271'],
  ['forty-two seventy-one please', '4271'],
  ['it is 4271', '4271'],
  ['four thousand two hundred and seventy one', '4271'],
  ['forty two hundred', '4200'],
  ['one oh double five', '1055'],
  ['for to seven one', '71'],
  ['four to seven one', '4271'],
  ['three one five for', '3154'],
  ['fifteen ninety', '1590'],
  ['twenty eight thirteen', '2813'],
  ['I want to ask for two things', '2'],
  ['no idea', ''],
])('%s', (text, digits) => {
  expect(spokenDigits(text)).toBe(digits);
});

test.each([
  ['4211', '71', undefined],
  ['4291', '7', undefined],
  ['4251', '9', undefined],
  ['4253', '9', '4293'],
  ['4271', '4291', undefined],
  ['4219', '427', '4279'],
])('%s corrected with %s', (number, heard, corrected) => {
  expect(correctNumber(number, heard)).toBe(corrected);
});

test.each([
  ['three six is zero four', '3604'],
  ['it is four two and then seven one', '4271'],
  ['i do not know', ''],
])('all digits of "%s"', (text, digits) => {
  expect(allDigits(text)).toBe(digits);
});
