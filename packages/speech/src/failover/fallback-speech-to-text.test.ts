import {
  providerError,
  type CircuitChange,
  type SpeechToText,
  type TranscriptionStreamOptions,
} from '@voicebus/core';
import { encodeWords, FakeClock, ScriptedSpeechToText, silence } from '@voicebus/testing';
import { Caller, describeSpeechToText } from '@voicebus/testing/speech-to-text-conformance';
import { expect, test } from 'vitest';
import { FallbackSpeechToText } from './fallback-speech-to-text.ts';

const gone = () => providerError({ provider: 'first', fault: 'network', message: 'gone' });

/** A recogniser that hears, with a switch: while it is off, nothing opens. */
class Switched implements SpeechToText {
  readonly name: string;
  readonly heard: ScriptedSpeechToText;
  isOff = false;
  opened = 0;

  constructor(name: string, options: ConstructorParameters<typeof ScriptedSpeechToText>[0] = {}) {
    this.name = name;
    this.heard = new ScriptedSpeechToText(options);
  }

  async open(options: TranscriptionStreamOptions) {
    this.opened += 1;
    await Promise.resolve();
    if (this.isOff) throw gone();
    return this.heard.open(options);
  }

  breakDown(): void {
    this.isOff = true;
    this.heard.fail(gone());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.heard[Symbol.asyncDispose]();
  }
}

async function callWithTwo(
  firstOptions: ConstructorParameters<typeof ScriptedSpeechToText>[0] = {},
) {
  const clock = new FakeClock();
  const [first, second] = [
    new Switched('first', { clock, ...firstOptions }),
    new Switched('second', { clock }),
  ];
  const changes: CircuitChange[] = [];
  const fallback = new FallbackSpeechToText({
    providers: [first, second],
    clock,
    onChange: (change) => changes.push(change),
  });
  const caller = await Caller.call(fallback, 5_000);
  await clock.settle();
  const finals = (): string[] =>
    caller.items.flatMap((item) =>
      !(item instanceof Error) && item.type === 'final'
        ? [`${item.utteranceId}: ${item.text}`]
        : [],
    );
  /** Sound goes on in a call, and the clock with it. */
  const pass = async (durationMs: number): Promise<void> => {
    for (let ms = 0; ms < durationMs; ms += 20) {
      caller.write(silence(20));
      await clock.advance(20);
    }
  };
  return { clock, first, second, fallback, caller, finals, changes, pass };
}

test('a recogniser that dies in the middle of an utterance: the next hears it from its beginning', async () => {
  const { clock, first, second, caller, finals } = await callWithTwo();
  caller.write(silence(500));
  // Noticed late: this word was said before the utterance "began".
  caller.write(encodeWords('where'));
  caller.stream.startUtterance('u1');
  caller.write(encodeWords('is my'));
  first.breakDown();
  caller.write(encodeWords('big'));
  await clock.settle();
  caller.write(encodeWords('order'));
  caller.stream.endUtterance('u1');
  expect(finals()).toEqual(['u1: where is my big order']);
  expect(second.opened).toBe(1);
  expect(caller.errors).toEqual([]);
  caller.hangUp();
  expect(clock.pending).toBe(0);
});

test('nobody waits for a connection, and what is said meanwhile is heard', async () => {
  const { clock, fallback, caller } = await callWithTwo();
  caller.hangUp();
  const other = await Caller.call(fallback, 5_000);
  other.say('u1', encodeWords('hello there'));
  expect(other.items).toEqual([]);
  await clock.settle();
  expect((await other.final('u1')).text).toBe('hello there');
  other.hangUp();
});

test('what was ended and has no final, and what was begun after it, are both heard once', async () => {
  const { clock, first, caller, finals } = await callWithTwo({ finalDelayMs: 300 });
  caller.say('u1', encodeWords('where is my order'));
  caller.stream.startUtterance('u2');
  caller.write(encodeWords('hello'));
  first.breakDown();
  await clock.settle();
  caller.write(encodeWords('there'));
  caller.stream.endUtterance('u2');
  await clock.advance(1_000);
  expect(finals()).toEqual(['u1: where is my order', 'u2: hello there']);
});

test('what has its final is not heard again', async () => {
  const { clock, first, second, caller, finals } = await callWithTwo();
  caller.say('u1', encodeWords('where is my order'));
  first.breakDown();
  await clock.settle();
  caller.say('u2', encodeWords('hello'));
  expect(finals()).toEqual(['u1: where is my order', 'u2: hello']);
  expect(second.heard.utterances.map(({ utteranceId }) => utteranceId)).toEqual(['u2']);
});

test('a first choice that does not open leaves the call to the next; after two, nobody waits for it', async () => {
  const { first, fallback, caller } = await callWithTwo();
  caller.hangUp();
  first.isOff = true;
  for (const attempts of [2, 3, 3]) {
    const other = await Caller.call(fallback, 5_000);
    other.say('u1', encodeWords('hello'));
    expect((await other.final('u1')).text).toBe('hello');
    expect(first.opened).toBe(attempts);
    other.hangUp();
  }
});

test('a call goes back to its first choice when it is well, and not while somebody speaks', async () => {
  const { clock, first, second, caller, finals, changes, pass } = await callWithTwo();
  first.breakDown();
  await clock.settle();
  // A second failure opens the circuit: it was tried again, and is still off.
  await pass(1_000);
  expect(changes.map(({ circuit }) => circuit)).toEqual(['open']);
  first.isOff = false;
  caller.stream.startUtterance('u1');
  caller.write(encodeWords('where is'));
  await pass(6_000);
  caller.write(encodeWords('my order'));
  caller.stream.endUtterance('u1');
  expect(second.heard.utterances.map(({ utteranceId }) => utteranceId)).toEqual(['u1']);
  caller.write(encodeWords('good'));
  caller.say('u2', encodeWords('morning'));
  expect(finals()).toEqual(['u1: where is my order', 'u2: good morning']);
  expect(first.heard.utterances.map(({ utteranceId }) => utteranceId)).toEqual(['u2']);
  expect(changes.map(({ circuit }) => circuit)).toEqual(['open', 'half-open', 'closed']);
  caller.hangUp();
  expect(clock.pending).toBe(0);
});

test('one that gives no final is left for one that does', async () => {
  const { clock, first, caller, finals } = await callWithTwo({ finals: () => null });
  caller.say('u1', encodeWords('hello there'));
  await clock.advance(4_000);
  expect(finals()).toEqual(['u1: hello there']);
  first.heard.fail(gone());
  await clock.settle();
  expect(caller.errors).toEqual([]);
});

test('where there is no other, the one that broke hears the sentence again, once', async () => {
  const clock = new FakeClock();
  const only = new Switched('only', { clock });
  const caller = await Caller.call(new FallbackSpeechToText({ providers: [only], clock }), 5_000);
  await clock.settle();
  for (const [id, said] of [
    ['u1', 'where is my order'],
    ['u2', 'and my lamp'],
  ] as const) {
    const [first = '', ...others] = said.split(' ');
    caller.stream.startUtterance(id);
    caller.write(encodeWords(first));
    only.heard.fail(gone());
    caller.write(encodeWords(others.join(' ')));
    await clock.settle();
    caller.stream.endUtterance(id);
    expect((await caller.final(id)).text).toBe(said);
  }
  caller.stream.startUtterance('u3');
  only.heard.fail(gone());
  await clock.settle();
  expect(caller.errors).toEqual([]);
  only.heard.fail(gone());
  await clock.settle();
  expect(caller.errors).toMatchObject([{ message: 'gone' }]);
  expect(clock.pending).toBe(0);
});

test('who refused is not asked again', async () => {
  const clock = new FakeClock();
  const only = new Switched('only', { clock });
  const caller = await Caller.call(new FallbackSpeechToText({ providers: [only], clock }), 5_000);
  await clock.settle();
  caller.stream.startUtterance('u1');
  only.heard.fail(providerError({ provider: 'only', fault: 'key', message: 'no such key' }));
  await clock.settle();
  expect(caller.errors).toMatchObject([{ message: 'no such key' }]);
  expect(only.opened).toBe(1);
});

test('when everybody is down the call is told once', async () => {
  const { clock, first, second, caller, finals } = await callWithTwo();
  caller.stream.startUtterance('u1');
  caller.write(encodeWords('hello'));
  second.isOff = true;
  first.breakDown();
  await clock.settle();
  caller.stream.endUtterance('u1');
  expect(caller.errors).toHaveLength(1);
  expect(finals()).toEqual([]);
  expect(clock.pending).toBe(0);
});

test('turns are told of what runs, and of nothing that is over', async () => {
  const { first, caller } = await callWithTwo({ finalDelayMs: 100 });
  caller.stream.startUtterance('u1');
  caller.write(encodeWords('hello'));
  first.heard.judge('end-of-turn');
  expect(caller.of('u1').map(({ type }) => type)).toEqual(['interim', 'end-of-turn']);
  caller.hangUp();
});

test('hanging up while the next one opens leaves nothing', async () => {
  const { clock, first, second, caller } = await callWithTwo();
  caller.stream.startUtterance('u1');
  first.breakDown();
  caller.hangUp();
  await clock.advance(10_000);
  second.heard.fail(gone());
  expect(caller.items).toEqual([]);
  expect(clock.pending).toBe(0);
});

describeSpeechToText({
  name: 'a chain of two',
  limitMs: 5_000,
  open: () => {
    const [first, second] = [new Switched('first'), new Switched('second')];
    const speechToText = new FallbackSpeechToText({ providers: [first, second] });
    return Promise.resolve({
      speechToText,
      speak: (text) => Promise.resolve(encodeWords(text)),
      breakDown: () => {
        second.isOff = true;
        first.breakDown();
      },
      close: () => speechToText[Symbol.asyncDispose](),
    });
  },
});
