import {
  FakeClock,
  lastWords,
  ScriptedSpeechToText,
  ScriptedTextToSpeech,
  startCallWithAgents,
  type ScriptedReply,
  type TestAgent,
} from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import type { TranscriptionStreamOptions } from '../speech/speech-to-text.ts';
import type { SpeakOptions, SpeechPart } from '../speech/text-to-speech.ts';

const broken = new Error('out of order');

/** Answers what was said; the first answers to "broken" go wrong as the test says. */
function agentWith(faults: readonly ScriptedReply[]): TestAgent {
  const left = [...faults];
  return {
    replies: (request) => {
      const words = lastWords(request);
      if (words.startsWith('Welcome')) return 'Welcome.';
      if (/made out/.test(words)) return 'I could not hear you.';
      const fault = words.includes('broken') ? left.shift() : undefined;
      return fault ?? `You said ${words}.`;
    },
  };
}

async function start(
  agent: TestAgent,
  options: Partial<Parameters<typeof startCallWithAgents>[0]> = {},
): Promise<Awaited<ReturnType<typeof startCallWithAgents>>> {
  const it = await startCallWithAgents({ agents: { agent }, ...options });
  await it.call.activate('agent', 'Welcome.');
  await it.call.untilHeard('Welcome.');
  return it;
}

describe('a model', () => {
  it('that fails before it said anything is asked once more, and nobody notices', async () => {
    await using it = await start(agentWith([{ then: broken }]));
    await it.call.say('this is broken now');
    await it.call.untilHeard('You said this is broken now.');
    expect(it.call.eventsOf('problem')).toEqual([]);
  });

  it('that stalls before it said anything is asked once more', async () => {
    await using it = await start(agentWith([{ then: 'stall' }]));
    await it.call.say('this is broken now');
    await it.call.untilHeard('You said this is broken now.');
  });

  it.each([
    ['fails again', { then: broken }],
    ['stalls again', { then: 'stall' }],
  ] as const)('that %s is answered for, and the call goes on', async (_, fault) => {
    await using it = await start(agentWith([fault, fault]));
    await it.call.say('this is broken now');
    await it.call.untilHeard('Sorry, I did not get an answer to that.');
    await it.call.say('and this is not');
    await it.call.untilHeard('You said and this is not.');
  });

  it.each([
    ['fails', broken],
    ['stalls', 'stall' as const],
  ])('that %s in the middle is not asked again: what was said was said', async (_, then) => {
    await using it = await start(agentWith([{ text: 'I was about to', then }]));
    await it.call.say('this is broken now');
    await it.call.untilHeard('Sorry, I did not get an answer to that.');
    expect(it.call.heard.filter(({ text }) => text.startsWith('I was about to'))).toHaveLength(1);
    await it.call.say('and this is not');
    await it.call.untilHeard('You said and this is not.');
  });

  it('that never stops is stopped', async () => {
    await using it = await start(agentWith([{ text: 'on and on '.repeat(10_000) }]));
    await it.call.say('this is broken now');
    await it.call.until(() => it.call.packets.length > 50, 'the bot to speak');
    const written = it.call.eventsOf('bot-text').at(-1)?.text ?? '';
    expect(written.length).toBeGreaterThan(1_000);
    expect(written.length).toBeLessThan(21_000);
  });
});

describe('a voice', () => {
  const failing = (clock: FakeClock, ...faults: readonly (Error | 'stall')[]) => {
    const left = [...faults];
    let isFirst = true;
    return new ScriptedTextToSpeech({
      clock,
      fault: () => {
        if (!isFirst) return left.shift();
        isFirst = false;
        return undefined;
      },
    });
  };

  it.each([['fails', broken] as const, ['stalls', 'stall'] as const])(
    'that %s once speaks at the second attempt',
    async (_, fault) => {
      const clock = new FakeClock();
      await using it = await start(agentWith([]), { clock, tts: failing(clock, fault) });
      const before = it.call.packets.length;
      await it.call.say('hello there');
      await it.call.untilHeard('You said hello there.');
      expect(it.call.packets.length - before).toBeGreaterThan(30);
    },
  );

  it('that fails twice leaves the caller to read, says so, and is tried again for the next answer', async () => {
    const clock = new FakeClock();
    await using it = await start(agentWith([]), { clock, tts: failing(clock, broken, broken) });
    const before = it.call.packets.length;
    await it.call.say('hello there');
    await it.call.untilHeard('You said hello there.');
    expect(it.call.packets).toHaveLength(before);
    expect(it.call.context.messages.at(-1)?.content).toBe('You said hello there.');
    await it.call.say('and now');
    await it.call.untilHeard('You said and now.');
    expect(it.call.packets.length).toBeGreaterThan(before + 20);
  });

  it('that breaks in the middle goes on from there, and nothing is heard twice', async () => {
    const clock = new FakeClock();
    const tts = new BreakingVoice(clock);
    await using it = await start(agentWith([]), { clock, tts });
    await it.call.say('one two three four five six');
    await it.call.untilHeard('You said one two three four five six.');
    expect(tts.asked[2]).toBe('one two three four five six.');
  });

  it('that gives rubbish is a voice that failed', async () => {
    const clock = new FakeClock();
    await using it = await start(agentWith([]), { clock, tts: new RubbishVoice({ clock }) });
    await it.call.say('hello there');
    await it.call.untilHeard('You said hello there.');
  });
});

describe('a recogniser', () => {
  it('that breaks is opened anew: the next words are heard', async () => {
    const clock = new FakeClock();
    const stt = new ScriptedSpeechToText({ clock });
    await using it = await start(agentWith([]), { clock, stt });
    stt.fail(broken);
    await it.call.say('hello there');
    await it.call.untilHeard('You said hello there.');
  });

  it('that never gives a final loses no words: the best partial counts', async () => {
    const clock = new FakeClock();
    const stt = new ScriptedSpeechToText({ clock, finals: () => null });
    await using it = await start(agentWith([]), { clock, stt });
    await it.call.say('hello there');
    await it.call.untilHeard('You said hello');
  });

  it('that understands nothing, twice, is answered for: the caller is asked to repeat, once', async () => {
    const clock = new FakeClock();
    const stt = new DeafRecogniser({ clock });
    await using it = await start(agentWith([]), { clock, stt });
    await it.call.say('can anybody hear me');
    await it.clock.advance(2_000);
    expect(it.call.transcript).toEqual(['agent: Welcome.']);
    await it.call.say('hello is there anybody');
    await it.call.untilHeard('I could not hear you.');
    await it.call.say('hello is there anybody');
    await it.clock.advance(3_000);
    expect(it.call.transcript).toHaveLength(2);
  });

  it('that gives rubbish is opened anew', async () => {
    const clock = new FakeClock();
    const stt = new RubbishRecogniser({ clock });
    await using it = await start(agentWith([]), { clock, stt });
    await it.call.say('hello there');
    await it.clock.advance(3_000);
    await it.call.say('hello again');
    await it.call.untilHeard('You said hello again.');
  });
});

/** Breaks after the second word of the second message. */
class BreakingVoice extends ScriptedTextToSpeech {
  readonly asked: string[] = [];

  constructor(clock: FakeClock) {
    super({ clock });
  }

  override async *speak(options: SpeakOptions): AsyncIterable<SpeechPart> {
    const index = this.asked.push('') - 1;
    let marks = 0;
    for await (const part of super.speak({ ...options, text: this.#copied(options.text, index) })) {
      yield part;
      if (part.type === 'mark') marks += 1;
      if (index === 1 && marks === 2) throw broken;
    }
  }

  async *#copied(text: AsyncIterable<string>, index: number): AsyncIterable<string> {
    for await (const piece of text) {
      this.asked[index] += piece;
      yield piece;
    }
  }
}

class RubbishVoice extends ScriptedTextToSpeech {
  override async *speak(_options: SpeakOptions): AsyncIterable<SpeechPart> {
    yield { type: 'audio', pcm: 'no sound' as unknown as Int16Array, sampleRateHz: Number.NaN };
  }
}

/** Takes everything for silence. */
class DeafRecogniser extends ScriptedSpeechToText {
  override open(options: TranscriptionStreamOptions): ReturnType<ScriptedSpeechToText['open']> {
    return super.open({
      ...options,
      onResult: (result) => options.onResult({ ...result, text: '' }),
    });
  }
}

/** Its first result is no text. */
class RubbishRecogniser extends ScriptedSpeechToText {
  #results = 0;

  override open(options: TranscriptionStreamOptions): ReturnType<ScriptedSpeechToText['open']> {
    return super.open({
      ...options,
      onResult: (result) => {
        this.#results += 1;
        if (this.#results > 1) options.onResult(result);
        else options.onResult({ ...result, text: { not: 'text' } as unknown as string });
      },
    });
  }
}
