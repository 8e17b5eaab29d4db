import type { ContextMessage } from '@voicebus/protocol';
import { expect, it } from 'vitest';
import { conversationItems, interruptedNote } from './conversation-items.ts';

const call = (id: string): ContextMessage => ({
  id: `call-${id}`,
  role: 'assistant',
  content: '',
  agent: 'support',
  toolCalls: [{ id, name: 'look', arguments: '{"at":1}' }],
});
const result = (
  id: string,
  content: string,
  status: 'completed' | 'cancelled' | 'error' | 'in-progress' | 'unknown' = 'completed',
): ContextMessage => ({
  id: `result-${id}`,
  role: 'tool',
  toolCallId: id,
  name: 'look',
  content,
  status,
});

it('keeps what was said in its order, notes apart from what people said', () => {
  const messages: ContextMessage[] = [
    { id: 'd1', role: 'developer', content: 'Greet them.' },
    { id: 'a1', role: 'assistant', content: 'Hello.' },
    { id: 'u1', role: 'user', content: 'Hi.' },
    { id: 's1', role: 'system', content: 'Be brief.' },
  ];
  expect(conversationItems(messages)).toEqual([
    { type: 'text', role: 'system', text: 'Greet them.' },
    { type: 'said', text: 'Hello.' },
    { type: 'text', role: 'user', text: 'Hi.' },
    { type: 'text', role: 'system', text: 'Be brief.' },
  ]);
});

it('says of an answer that was cut short that no more of it was heard', () => {
  const messages: ContextMessage[] = [
    { id: 'a1', role: 'assistant', content: 'Your order', interrupted: true },
  ];
  expect(conversationItems(messages)).toEqual([
    { type: 'said', text: 'Your order' },
    { type: 'text', role: 'system', text: interruptedNote },
  ]);
});

it('puts calls that follow each other together, each with its own result', () => {
  const messages = [call('c1'), result('c1', '1'), call('c2'), result('c2', '2')];
  expect(conversationItems(messages)).toMatchObject([
    {
      type: 'calls',
      calls: [
        { call: { id: 'c1' }, result: '1' },
        { call: { id: 'c2' }, result: '2' },
      ],
    },
  ]);
});

it('finds a result that stands far from its call, and leaves out one that has none', () => {
  const messages: ContextMessage[] = [
    call('c1'),
    { id: 'u1', role: 'user', content: 'And now?' },
    result('c1', '1'),
    result('c9', '9'),
  ];
  expect(conversationItems(messages)).toMatchObject([
    { type: 'calls', calls: [{ result: '1' }] },
    { type: 'text', text: 'And now?' },
  ]);
});

it.each([
  ['cancelled', '{"cancelled":"x"}', /cancelled/],
  ['error', '{"error":"x"}', /error/],
  ['in-progress', 'null', /still running/],
  ['unknown', 'null', /may or may not have been done/],
] as const)('tells what became of a call that is %s', (status, content, text) => {
  const items = conversationItems([call('c1'), result('c1', content, status)]);
  expect(items).toMatchObject([{ calls: [{ result: expect.stringMatching(text) as string }] }]);
});

it('answers a call whose result is lost', () => {
  expect(conversationItems([call('c1')])).toMatchObject([
    { calls: [{ result: expect.stringContaining('unknown') as string }] },
  ]);
});
