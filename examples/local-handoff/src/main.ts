import { createInterface } from 'node:readline';
import { WorkerRunner, type SessionEvent } from '@voicebus/core';
import { OfflineDialogueModel } from '@voicebus/llm';
import { runBot } from './run-bot.ts';
import { silentVoice } from './silent-voice.ts';
import { TerminalTransport } from './terminal-transport.ts';

const transport = new TerminalTransport();
const runner = new WorkerRunner({ name: 'example' });
const write = (line: string): void => void process.stdout.write(`${line}\n`);

const show = (event: SessionEvent): void => {
  if (event.type === 'bot-text' && event.done) write(`${event.agent}: ${event.text.trim()}`);
  if (event.type === 'handoff-active' && event.from) write(`   (now talking with ${event.to})`);
};

await runBot({
  transport,
  runner,
  llm: new OfflineDialogueModel(),
  tts: silentVoice,
  onEvent: show,
});
write('Type what you would say; Ctrl-D ends the call.');
const lines = createInterface({ input: process.stdin });
lines.on('line', (line) => {
  if (line.trim() !== '') transport.say(line);
});
lines.once('close', () => void transport.disconnect());
await transport.connect();
await runner.run();
