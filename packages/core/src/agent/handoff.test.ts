import { Conversation, ScriptedLanguageModel, type ReplyRule } from '@voicebus/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { LocalBus } from '../bus/local-bus.ts';
import { WorkerRunner } from '../runner/worker-runner.ts';
import { defineAgent } from './define-agent.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const opened of open.splice(0).reverse()) await opened.close();
});

/** What the last user or developer message says. */
const lastWords: (request: Parameters<ReplyRule>[0]) => string = ({ messages }) =>
  messages.findLast(({ role }) => role === 'user' || role === 'developer')?.content ?? '';

const greeterRule: ReplyRule = (request) => {
  const words = lastWords(request);
  if (words.startsWith('Welcome')) return 'Hello, how can I help?';
  if (request.messages.at(-1)?.role === 'tool') return 'Sorry, nobody is free there.';
  if (words.includes('support')) {
    return {
      text: 'Let me connect you with support.',
      toolCalls: [
        {
          name: 'transfer_to_agent',
          arguments: { agent: 'support', reason: 'The caller needs support.' },
        },
      ],
    };
  }
  return `You said ${words}.`;
};
const supportRule: ReplyRule = (request) => {
  const words = lastWords(request);
  if (words.startsWith('The caller')) return 'This is support, tell me more.';
  if (words.includes('back')) {
    return {
      toolCalls: [
        {
          name: 'transfer_to_agent',
          arguments: { agent: 'greeter', reason: 'Welcome them back.' },
        },
      ],
    };
  }
  return `Support heard ${words}.`;
};

const greeter = defineAgent({
  name: 'greeter',
  voice: 'bright',
  instructions: 'You greet.',
  handoffs: [{ agent: 'support', when: 'problems' }],
});
const support = defineAgent({
  name: 'support',
  voice: 'deep',
  instructions: 'You support.',
  handoffs: [{ agent: 'greeter', when: 'done' }],
});

async function start(
  options: { support?: boolean; mode?: 'encoded' | 'frozen'; isAudible?: boolean } = {},
) {
  const bus = new LocalBus({ mode: options.mode ?? 'frozen' });
  const call = new Conversation({ bus, isAudible: options.isAudible ?? true });
  const agents = new WorkerRunner({ bus, clock: call.clock, name: 'agents' });
  const models = {
    greeter: new ScriptedLanguageModel({ clock: call.clock, replies: greeterRule }),
    support: new ScriptedLanguageModel({ clock: call.clock, replies: supportRule }),
  };
  agents.serve(greeter, { llm: models.greeter });
  if (options.support ?? true) agents.serve(support, { llm: models.support });
  await agents.start();
  await call.start();
  open.push({ close: () => call.clock.until(agents.cancel()) }, call);
  return { call, agents, models, bus };
}

describe.each(['frozen', 'encoded'] as const)(
  'handoff over a bus that hands over %s messages',
  (mode) => {
    it('greets, answers, hands over and back', async () => {
      const { call, models } = await start({ mode });
      await call.activate('greeter');
      await call.untilHeard('how can I help?');
      await call.say('good morning');
      await call.untilHeard('You said good morning.');
      await call.say('I need support');
      await call.untilHeard('tell me more.');
      await call.say('my lamp is broken');
      await call.untilHeard('Support heard my lamp is broken.');
      await call.say('take me back');
      await call.until(
        () => call.heard.filter(({ text }) => text.includes('how can I help?')).length === 2,
        'the second greeting',
      );
      expect(call.transcript).toEqual([
        'greeter: Hello, how can I help?',
        'greeter: You said good morning.',
        'greeter: Let me connect you with support.',
        'support: This is support, tell me more.',
        'support: Support heard my lamp is broken.',
        'greeter: Hello, how can I help?',
      ]);
      expect(call.heard.every(({ interrupted }) => !interrupted)).toBe(true);
      // Exactly one agent answered each turn.
      expect(models.greeter.requests).toHaveLength(4);
      expect(models.support.requests).toHaveLength(3);
      // The announcement was played out before the second voice started.
      const speakers = call.packets
        .map(({ agent }) => agent)
        .filter((agent, index, all) => agent !== all[index - 1]);
      expect(speakers).toEqual(['greeter', 'support', 'greeter']);
      // Support was told why, and what was said before.
      expect(
        models.support.requests[0]?.messages.map(({ role, content }) => `${role}: ${content}`),
      ).toEqual([
        'developer: Welcome the user.',
        'assistant: Hello, how can I help?',
        'user: good morning',
        'assistant: You said good morning.',
        'user: I need support',
        'assistant: Let me connect you with support.',
        'assistant: ',
        'tool: {"transferred":true}',
        'developer: The caller needs support.',
      ]);
      expect(call.eventsOf('handoff-active').map(({ from, to }) => [from, to])).toEqual([
        [undefined, 'greeter'],
        ['greeter', 'support'],
        ['support', 'greeter'],
      ]);
    });
  },
);
