import { expect, test } from 'vitest';
import { speakableText } from './speakable-text.ts';

test.each([
  ['Your order 4271 is on its way.', 'Your order 4 2 7 1 is on its way.'],
  ['Order #4271?', 'Order number 4 2 7 1?'],
  ['order number 2024', 'order number 2 0 2 4'],
  ['Ticket T-1042 is open.', 'Ticket T 1 0 4 2 is open.'],
  ['Call 5550134.', 'Call 5 5 5 0, 1 3 4.'],
  ['in 2026', 'in 2026'],
  ['That is $12.50 — or $1.', 'That is 12 dollars and 50 cents, or 1 dollar.'],
  ['It costs $1,299.00 now', 'It costs 1299 dollars now'],
  ['20% off, e.g. shoes & bags', '20 percent off, for example shoes and bags'],
  ['We open 9:00 am to 5:30 pm, 24/7', 'We open 9 A M to 5 30 P M, around the clock'],
  ['3–5 days', '3 to 5 days'],
  ['**Bold** “café” 😀', 'Bold "cafe"'],
  ['😀 …', ''],
  [' \n', ''],
])('%s', (text, spoken) => {
  expect(speakableText(text)).toBe(spoken);
});
