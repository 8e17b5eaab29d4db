import { LocalBus, WorkerRunner, type SessionEvent } from '@voicebus/core';
import { OfflineDialogueModel } from '@voicebus/llm';
import { FakeClock } from '@voicebus/testing';
import { expect, it } from 'vitest';
import { runBot } from './run-bot.ts';
import { silentVoice } from './silent-voice.ts';
import { TerminalTransport } from './terminal-transport.ts';

it('greets, hands over to support, comes back, and ends with the caller', async () => {
  const clock = new FakeClock();
  const runner = new WorkerRunner({ bus: new LocalBus({ mode: 'frozen' }), clock });
  const transport = new TerminalTransport();
  const said: string[] = [];
  const onEvent = (event: SessionEvent): void => {
    if (event.type === 'bot-text' && event.done) said.push(`${event.agent}: ${event.text}`);
  };
  await clock.until(
    runBot({ transport, runner, tts: silentVoice, llm: new OfflineDialogueModel(), onEvent }),
  );
  await clock.until(transport.connect());
  await clock.advance(2_000);
  expect(said.at(-1)).toMatch(/^greeter: /);

  transport.say('I have a problem with my order');
  await clock.advance(10_000);
  expect(said.at(-1)).toMatch(/^support: /);

  transport.say('please take me back to the greeter');
  await clock.advance(10_000);
  expect(said.at(-1)).toMatch(/^greeter: /);

  await clock.until(transport.disconnect());
  expect(runner.state).toBe('drained');
  expect(clock.pending).toBe(0);
});
