import {
  lastWords,
  ScriptedTextToSpeech,
  startCallWithAgents,
  type TestAgent,
} from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tool } from '../model/tool.ts';

const long = 'This is a rather long sentence about many things that nobody asked for.';
const agent: TestAgent = {
  replies: (request) => {
    const words = lastWords(request);
    return words.startsWith('Welcome') ? long : `You said ${words}.`;
  },
};

describe('speech over the bot', () => {
  it('stops the bot, truncates the context to what was heard, and is answered', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent');
    await it.call.until(() => it.call.packets.length > 60, 'the bot to speak');
    await it.call.say('stop it please');
    await it.call.untilHeard('You said stop it please.');
    const [cut] = it.call.heard;
    expect(cut?.interrupted).toBe(true);
    expect(long.startsWith(cut?.text ?? '-')).toBe(true);
    const inContext = it.call.context.messages.find(({ role }) => role === 'assistant');
    expect(inContext).toMatchObject({ interrupted: true });
    // The context holds whole words only, and the page shows the same ones.
    expect(long.startsWith(`${inContext?.content} `)).toBe(true);
    expect(cut?.text).toBe(inContext?.content);
    expect(it.call.eventsOf('interruption').map(({ verdict }) => verdict)).toEqual(['interrupt']);
  });

  it('silences the bot at the first onset, before any verdict', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent');
    await it.call.until(() => it.call.packets.length > 60, 'the bot to speak');
    const spokenAt = it.clock.now();
    await it.call.say('stop it please');
    const last = it.call.packets.filter(({ atMs }) => atMs < spokenAt + 600).at(-1);
    // Three windows of 32 ms over the bot, and one packet.
    expect((last?.atMs ?? 0) - spokenAt).toBeLessThanOrEqual(140);
  });

  it('that is only a backchannel lets the bot go on, and nothing is lost', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent');
    await it.call.until(() => it.call.packets.length > 60, 'the bot to speak');
    await it.call.say('mm-hm', { msPerWord: 300 });
    await it.call.untilHeard(long);
    expect(it.call.heard[0]).toMatchObject({ text: long, interrupted: false });
    expect(it.call.eventsOf('interruption').map(({ verdict }) => verdict)).toEqual(['resume']);
    expect(it.models['agent']?.requests).toHaveLength(1);
  });

  it('that is only a cough lets the bot go on, and nothing is lost', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent');
    await it.call.until(() => it.call.packets.length > 60, 'the bot to speak');
    // 300 ms of sound in which nobody finds a word.
    await it.call.sound(new Int16Array(4_800).fill(0x1000));
    await it.call.untilHeard(long);
    expect(it.call.heard).toMatchObject([{ text: long, interrupted: false }]);
    expect(it.call.eventsOf('interruption').map(({ verdict }) => verdict)).toEqual(['resume']);
    expect(it.call.eventsOf('transcript-final')).toEqual([]);
    expect(it.models['agent']?.requests).toHaveLength(1);
  });

  /** 20 ms each; a letter or space of the scripted voice is 50 ms. */
  const packetsBefore = (words: string): number => (words.length * 50) / 20;

  it('that was no speech is followed by the word in which the page fell silent', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent');
    await it.call.until(() => it.call.packets.length > 60, 'the bot to speak');
    const before = [...it.call.packets];
    const played = packetsBefore('This is a rather lo');
    it.call.pageHolds(before[Math.floor(played)]?.rtpTimestamp ?? 0);
    await it.call.untilHeard(long);
    expect(it.call.eventsOf('interruption').map(({ verdict }) => verdict)).toEqual(['resume']);
    // From "long" on, what had left while the page was silent included; a word may begin within a packet.
    const again = before.slice(Math.floor(packetsBefore('This is a rather ')));
    const after = it.call.packets.slice(before.length, before.length + again.length);
    expect(again.every(({ pcm }, index) => pcm === after[index]?.pcm)).toBe(true);
    await it.call.untilEvent('bot-stopped-speaking');
    const whole = it.call.packets.length - again.length;
    expect(whole).toBe(Math.ceil(packetsBefore(long)));
  });

  it('was heard as far as the page had played when it fell silent', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent');
    await it.call.until(() => it.call.packets.length > 60, 'the bot to speak');
    const played = it.call.packets[packetsBefore('This is a rath')];
    it.call.pageHolds(played?.rtpTimestamp ?? 0);
    await it.call.say('stop it please');
    await it.call.untilHeard('You said stop it please.');
    const inContext = it.call.context.messages.find(({ role }) => role === 'assistant');
    expect(inContext).toMatchObject({ content: 'This is a', interrupted: true });
  });

  it('stops playback also when no agent is there any more', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent');
    await it.call.until(() => it.call.packets.length > 60, 'the bot to speak');
    await it.clock.until(it.agents.cancel());
    const spokenAt = it.clock.now();
    await it.call.say('stop it please');
    expect(it.call.eventsOf('bot-stopped-speaking').at(0)).toMatchObject({ interrupted: true });
    const after = it.call.packets.filter(
      ({ atMs, agent: name }) => name === 'agent' && atMs > spokenAt + 140,
    );
    expect(after.filter(({ messageId }) => messageId === it.call.packets[0]?.messageId)).toEqual(
      [],
    );
  });

  it('by typing stops the bot at once', async () => {
    await using it = await startCallWithAgents({ agents: { agent } });
    await it.call.activate('agent');
    await it.call.until(() => it.call.packets.length > 20, 'the bot to speak');
    await it.call.type('enough');
    expect(it.call.heard[0]).toMatchObject({ interrupted: true });
    await it.call.untilHeard('You said enough.');
  });
});

describe('a tool in flight when the user interrupts', () => {
  const slow = (cancelOnInterruption: boolean) => {
    const state = { started: 0, aborted: 0 };
    const look = tool({
      description: 'Looks something up.',
      parameters: z.object({}),
      cancelOnInterruption,
      timeoutMs: 60_000,
      execute: (_args, { signal }) =>
        new Promise((resolve) => {
          state.started += 1;
          signal.addEventListener('abort', () => (state.aborted += 1));
          finish = () => resolve({ found: 'a kettle' });
        }),
    });
    let finish = (): void => {};
    return { state, look, finish: () => finish() };
  };
  const withTool = (look: ReturnType<typeof slow>['look']): TestAgent => ({
    tools: { look },
    replies: (request) => {
      const words = lastWords(request);
      if (words === 'look' && !request.messages.some(({ role }) => role === 'tool'))
        return { text: 'Looking.', toolCalls: [{ name: 'look' }] };
      if (words.startsWith('The result of look'))
        return `It says ${words.slice(words.indexOf('{'))}.`;
      return `You said ${words}.`;
    },
  });

  it('is cancelled, told so in the context, and the new words are answered', async () => {
    const { look, state } = slow(true);
    await using it = await startCallWithAgents({ agents: { agent: withTool(look) } });
    await it.call.activate('agent', 'look');
    await it.call.until(() => state.started === 1, 'the tool to run');
    await it.call.type('never mind');
    await it.call.untilHeard('You said never mind.');
    expect(state.aborted).toBe(1);
    expect(it.call.context.messages.find(({ role }) => role === 'tool')).toMatchObject({
      status: 'cancelled',
    });
  });

  it.each([
    ['is cancelled', true, 'cancelled'],
    ['goes on, and is told later,', false, 'completed'],
  ] as const)('%s by words over the bot, which is silent first', async (_, cancels, status) => {
    const { look, state, finish } = slow(cancels);
    const { replies, ...rest } = withTool(look);
    const talkative: TestAgent = {
      ...rest,
      replies: (request, index) => {
        const reply = replies(request, index);
        return typeof reply === 'object' && reply.toolCalls ? { ...reply, text: long } : reply;
      },
    };
    await using it = await startCallWithAgents({ agents: { agent: talkative } });
    await it.call.activate('agent', 'look');
    await it.call.until(() => state.started === 1 && it.call.packets.length > 60, 'both to run');
    const spokenAt = it.clock.now();
    await it.call.say('never mind');
    await it.call.untilHeard('You said never mind.');
    // Three windows of 32 ms over the bot, and one packet: no word about it had crossed the bus.
    const last = it.call.packets.filter(({ atMs }) => atMs < spokenAt + 600).at(-1);
    expect((last?.atMs ?? 0) - spokenAt).toBeLessThanOrEqual(140);
    expect(state.aborted).toBe(cancels ? 1 : 0);
    finish();
    if (!cancels) await it.call.untilHeard('It says {"found":"a kettle"}.');
    await it.clock.advance(3_000);
    expect(it.call.eventsOf('tool-end').map((end) => end.status)).toEqual([status]);
    expect(it.call.transcript.filter((line) => line.includes('a kettle'))).toHaveLength(
      cancels ? 0 : 1,
    );
  });

  it('that does not listen is cancelled all the same: what it says later is ignored', async () => {
    const { look, state, finish } = slow(true);
    await using it = await startCallWithAgents({ agents: { agent: withTool(look) } });
    await it.call.activate('agent', 'look');
    await it.call.until(() => state.started === 1, 'the tool to run');
    await it.call.type('never mind');
    await it.call.untilHeard('You said never mind.');
    finish();
    await it.clock.advance(3_000);
    const tools = it.call.context.messages.filter(({ role }) => role === 'tool');
    expect(tools).toMatchObject([{ status: 'cancelled' }]);
    expect(it.call.transcript.join(' ')).not.toContain('a kettle');
    expect(it.call.eventsOf('tool-end').map(({ status }) => status)).toEqual(['cancelled']);
  });

  it('that was only announced never runs: its generation was interrupted', async () => {
    const { look, state } = slow(true);
    const hesitant: TestAgent = {
      tools: { look },
      replies: (request) => {
        const words = lastWords(request);
        if (words !== 'look') return `You said ${words}.`;
        return { text: long, msPerWord: 400, toolCalls: [{ name: 'look' }] };
      },
    };
    await using it = await startCallWithAgents({ agents: { agent: hesitant } });
    await it.call.activate('agent', 'look');
    await it.call.until(() => it.call.packets.length > 40, 'the bot to speak');
    await it.call.type('never mind');
    await it.call.untilHeard('You said never mind.');
    await it.clock.advance(10_000);
    expect(state.started).toBe(0);
    expect(it.call.context.messages.filter(({ role }) => role === 'tool')).toEqual([]);
  });

  it('goes on when it is marked so, and its result is told later', async () => {
    const { look, state, finish } = slow(false);
    await using it = await startCallWithAgents({ agents: { agent: withTool(look) } });
    await it.call.activate('agent', 'look');
    await it.call.until(() => state.started === 1, 'the tool to run');
    await it.call.type('never mind');
    await it.call.untilHeard('You said never mind.');
    expect(state.aborted).toBe(0);
    finish();
    await it.call.untilHeard('It says {"found":"a kettle"}.');
    expect(it.call.context.messages.find(({ role }) => role === 'tool')).toMatchObject({
      status: 'completed',
    });
  });
});

describe('an agent that fails', () => {
  it('is answered for in words, and the next turn works', async () => {
    let calls = 0;
    await using it = await startCallWithAgents({
      agents: {
        agent: {
          replies: () => {
            calls += 1;
            return calls <= 2 ? { then: new Error('the model is down') } : 'I am back.';
          },
        },
      },
    });
    await it.call.activate('agent');
    await it.call.untilHeard('I did not get an answer');
    await it.call.type('hello');
    await it.call.untilHeard('I am back.');
  });

  it('by silence is given up after the deadline', async () => {
    await using it = await startCallWithAgents({
      responseTimeoutMs: 2_000,
      agents: { agent: { replies: () => ({ then: 'stall' }) } },
    });
    await it.call.activate('agent');
    await it.call.untilHeard('I did not get an answer');
    expect(it.call.eventsOf('problem')[0]).toMatchObject({ code: 'no-answer' });
  });

  it('by its voice is told to those who watch, and the call goes on', async () => {
    let spoken = 0;
    const tts = new ScriptedTextToSpeech({
      fault: () => ((spoken += 1) === 1 ? new Error('no voice') : undefined),
    });
    await using it = await startCallWithAgents({ tts, agents: { agent } });
    await it.call.activate('agent');
    await it.clock.advance(500);
    await it.call.type('hello');
    await it.call.untilHeard('You said hello.');
  });
});
