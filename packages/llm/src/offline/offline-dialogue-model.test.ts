import { expect, test } from 'vitest';
import { TestConversation } from './test-conversation.ts';

const called = (conversation: TestConversation): string[] =>
  conversation.calls.map(({ name, arguments: given }) => `${name} ${given}`);

test('from the greeting to support and to the end, an order number corrected on the way', async () => {
  const call = new TestConversation();
  expect(await call.developer('Welcome the user.')).toContain('welcome to Acme Goods');
  expect(await call.user('hello, where is my order')).toMatch(
    /hand you over to support\. Hello, this is support\..*order number/,
  );
  expect(call.agent).toBe('support');
  expect(await call.user('four two seven two')).toMatch(/order 4272\. Is that right\?/);
  expect(await call.user('no, I said seven one')).toMatch(/order 4271.*Is that right\?/);
  expect(await call.user('yes')).toContain('on its way and arrives on Thursday');
  expect(await call.user('no thanks')).toContain('Goodbye');
  expect(called(call)).toEqual([
    'transfer_to_agent {"agent":"support","reason":"The caller wants to know where an order is."}',
    'look_up_order {"orderNumber":"4271"}',
    'end_call {"reason":"The caller said goodbye."}',
  ]);
});

test('nothing is done to an order before a yes, and a number is asked for once', async () => {
  const call = new TestConversation('support');
  await call.user('where is order 1055');
  await call.user('yes');
  expect(await call.user('please cancel it, cancel my order')).toMatch(
    /order 1055\. Is that right/,
  );
  expect(await call.user('no')).toMatch(/order number|digits/);
  expect(await call.user('ten fifty five')).toMatch(/order 1055.*Is that right/);
  expect(await call.user("that's right")).toContain('Order 1055 is cancelled');
  expect(called(call)).toEqual([
    'look_up_order {"orderNumber":"1055"}',
    'cancel_order {"orderNumber":"1055"}',
  ]);
});

test('what the tool did not find is not made up', async () => {
  const call = new TestConversation('support');
  await call.user('where is my package');
  await call.user('nine nine nine nine');
  expect(await call.user('yes')).toMatch(/can not find an order 9999.*order number/);
  expect(await call.user('forty two')).toContain('I heard 4 2');
});

test('a device is looked at step by step, and then becomes a ticket', async () => {
  const call = new TestConversation('support');
  expect(await call.user('my speaker does not turn on')).toMatch(/charge it.*Did that help\?$/);
  expect(await call.user('no')).toMatch(/power button.*Did that help\?$/);
  expect(await call.user('no')).toContain('Shall I open a ticket');
  expect(await call.user('yes please')).toMatch(/ticket T\d+/);
});

test('after two misunderstandings it offers typing and things to tap', async () => {
  const call = new TestConversation();
  expect(await call.user('fladdle woddle')).toMatch(/did not (?:understand|get)/);
  expect(call.calls).toEqual([]);
  expect(await call.user('grommet nabble')).toContain('type it');
  expect(call.calls.map(({ name }) => name)).toEqual(['offer_suggestions']);
  expect(await call.user('hello')).not.toContain('type it');
});

test('when it is not sure it asks, and takes a no', async () => {
  const call = new TestConversation('support');
  expect(await call.user('something about money')).toMatch(/Did you say that you .*\?/);
  expect(await call.user('no')).toMatch(/What can I do|How can I help|What do you need/);
});

test('it repeats when asked, and says it differently after an interruption', async () => {
  const call = new TestConversation('support');
  const hours = await call.user('what are your opening hours');
  expect(await call.user('say that again please')).toBe(`Of course. ${hours}`);
  const first = await call.user('where is my order');
  call.interrupt(first.slice(0, 12));
  const second = await call.user('well, where is my order');
  expect(second).toMatch(/order number/);
  expect(second).not.toBe(first);
});

test('silence, a lost colleague and taking over have their own words', async () => {
  const call = new TestConversation('support');
  await call.user('where is my order');
  expect(await call.developer('The caller has been silent for 8 seconds.')).toContain(
    'still there',
  );
  expect(await call.user('yes')).toMatch(/order number|digits/);
  call.interrupt('Could you');
  const takeover = 'The agent before you was cut off. Go on from what the caller heard.';
  expect(await call.developer(takeover)).toMatch(/cut off.*order number/);
});

test('a transfer that fails is said, and not tried again by itself', async () => {
  const call = new TestConversation();
  call.failTransfers = true;
  expect(await call.user('i want to return my shoes')).toContain('nobody can be reached');
  expect(call.agent).toBe('greeter');
  expect(await call.user('tell me a joke')).toMatch(/robot|parcel/);
  expect(call.calls).toHaveLength(1);
});

test('another model hands over with a reason of its own', async () => {
  const call = new TestConversation('support');
  const spoken = await call.developer('Customer received a broken item in order #2813.');
  expect(spoken).toMatch(/support.*order 2813\. Is that right\?/);
});

test('support hands back to the greeter', async () => {
  const call = new TestConversation('support');
  expect(await call.user('take me back to the greeter')).toMatch(
    /the greeter.*Welcome|the greeter.*help/,
  );
  expect(call.agent).toBe('greeter');
});

test('the same context gives the same reply', async () => {
  const runs = await Promise.all(
    [0, 1].map(async () => {
      const call = new TestConversation();
      await call.developer('Welcome the user.');
      await call.user('my parcel is late, where is my order 4271');
      await call.user('yes');
      return call.messages;
    }),
  );
  expect(runs[0]).toEqual(runs[1]);
});

test('what was answered with a no gives way to the next best', async () => {
  const call = new TestConversation('support');
  const first = await call.user('the box is wrong');
  expect(first).toContain('Did you say that you want to change');
  const second = await call.user('no, the box is wrong');
  expect(second).not.toContain('want to change');
  expect(second).toMatch(/wrong/);
});

test('who does not have the number says no digit', async () => {
  const call = new TestConversation('support');
  await call.user('where is my order');
  expect(await call.user('I do not have one.')).toContain('Shall I open a ticket');
});
