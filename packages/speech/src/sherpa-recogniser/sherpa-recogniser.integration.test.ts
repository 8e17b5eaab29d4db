import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeWords } from '@voicebus/testing';
import { Caller, describeSpeechToText } from '@voicebus/testing/speech-to-text-conformance';
import { afterEach, expect, it } from 'vitest';
import { SherpaRecogniser, type SherpaRecogniserOptions } from './sherpa-recogniser.ts';

const program = new URL('./sherpa-test-program.ts', import.meta.url);

describeSpeechToText({
  name: 'sherpa, with a model that hears words in the sound',
  limitMs: 10_000,
  open: () => {
    const speechToText = new SherpaRecogniser({ folder: 'hears', program, finalTimeoutMs: 5_000 });
    const children = new Set<ChildProcess>();
    const onSpawn = (message: unknown): void => {
      children.add((message as { process: ChildProcess }).process);
    };
    subscribe('child_process', onSpawn);
    return Promise.resolve({
      speechToText,
      speak: (text) => Promise.resolve(encodeWords(text)),
      breakDown: () => {
        for (const child of children) child.kill('SIGKILL');
      },
      close: async () => {
        unsubscribe('child_process', onSpawn);
        await speechToText[Symbol.asyncDispose]();
      },
    });
  },
});

const opened: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

function recogniser(folder: string, more: Partial<SherpaRecogniserOptions> = {}): SherpaRecogniser {
  const made = new SherpaRecogniser({ folder, program, ...more });
  opened.push(made);
  return made;
}

it('says which file is no model, after its process died of it, and goes on', async () => {
  await expect(recogniser('is no model').warmUp()).rejects.toMatchObject({
    code: 'provider-refused',
    message:
      'The model in SHERPA_RECOGNISER_FOLDER (is no model) cannot be loaded: Load model from e.onnx failed:Protobuf parsing failed.',
  });
});

it('says that a model takes too long to load, and takes its process away', async () => {
  const slow = recogniser('loads for ever', { startTimeoutMs: 300 });
  await expect(slow.warmUp()).rejects.toMatchObject({ code: 'deadline', isRetryable: true });
});

it('ends a process that hangs when the next caller comes, and starts another', async () => {
  const children: ChildProcess[] = [];
  const onSpawn = (message: unknown): unknown =>
    children.push((message as { process: ChildProcess }).process);
  subscribe('child_process', onSpawn);
  const stuck = recogniser('hangs', { openTimeoutMs: 1_500 });
  const first = await Caller.call(stuck, 10_000);
  first.say('u1', encodeWords('hello'));
  await expect(Caller.call(stuck, 10_000)).rejects.toMatchObject({ code: 'deadline' });
  await first.until(() => first.errors.length === 1, 'the error of who was there');
  expect(first.of('u1')).toEqual([{ type: 'final', utteranceId: 'u1', text: '' }]);
  const next = await Caller.call(stuck, 10_000);
  expect(next.errors).toEqual([]);
  unsubscribe('child_process', onSpawn);

  // The other one hangs by now, too: closing leaves neither behind.
  next.say('u1', encodeWords('hello'));
  await stuck[Symbol.asyncDispose]();
  expect(children.map(({ signalCode }) => signalCode)).toEqual(['SIGKILL', 'SIGKILL']);
});

it('closes while it loads, and while somebody waits for it', async () => {
  const slow = recogniser('loads for ever');
  const waiting = [slow.warmUp(), Caller.call(slow, 10_000)];
  const outcomes = Promise.allSettled(waiting);
  await slow[Symbol.asyncDispose]();
  for (const outcome of await outcomes)
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'closed' } });
});

it('says that the package is missing, from the process that wants to load it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'voicebus-sherpa-'));
  for (const file of ['encoder.onnx', 'decoder.onnx', 'joiner.onnx', 'tokens.txt'])
    await writeFile(join(folder, file), 'no model');
  const real = new SherpaRecogniser({ folder });
  opened.push(real);
  // Where somebody has it installed, it is the model that is wrong.
  await expect(real.warmUp()).rejects.toMatchObject({
    code: 'provider-refused',
    message: expect.stringMatching(
      /STT names sherpa, and sherpa-onnx-node is not installed: pnpm add|cannot be loaded: Load model from/,
    ),
  });
  await rm(folder, { recursive: true });
});
