import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { within } from '@voicebus/testing/system';
import type { BenchTask, ReceivedFigures, SentFigures } from './bench-task.ts';

const program = fileURLToPath(new URL('bench-process.ts', import.meta.url));
const answerMs = 60_000;

/** Sender and receiver, each in a process of its own. */
export class BenchEnds implements AsyncDisposable {
  readonly #sender: ChildProcess;
  readonly #receiver: ChildProcess;

  private constructor(sender: ChildProcess, receiver: ChildProcess) {
    this.#sender = sender;
    this.#receiver = receiver;
  }

  static async start(url: string): Promise<BenchEnds> {
    const receiver = await startEnd('receiver', url);
    return new BenchEnds(await startEnd('sender', url), receiver);
  }

  /** Rejects when something of it did not arrive. */
  async run(task: BenchTask): Promise<SentFigures & { readonly receive: ReceivedFigures }> {
    await ask(this.#receiver, { what: 'begin', task });
    const sent = await ask<SentFigures>(this.#sender, { what: 'send', task });
    return { ...sent, receive: await ask(this.#receiver, { what: 'finish', task }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of [this.#sender, this.#receiver]) {
      if (end.exitCode !== null) continue;
      const gone = once(end, 'exit');
      end.send({ what: 'end' });
      await within(gone, 10_000, 'the end of a process of the bench').catch(() => end.kill());
    }
  }
}

async function startEnd(role: string, url: string): Promise<ChildProcess> {
  const child = fork(program, [role, url], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await within(answerOf(child), answerMs, `the ${role} to start`);
  return child;
}

async function ask<Answer>(
  child: ChildProcess,
  message: { readonly what: string; readonly task: BenchTask },
): Promise<Answer> {
  const answer = answerOf(child);
  child.send(message);
  return (await within(answer, answerMs, `"${message.what}"`)) as Answer;
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = Promise.withResolvers<never>();
  const tell = (): void => ended.reject(new Error('A process of the bench has ended.'));
  child.once('exit', tell);
  try {
    const [answer] = (await Promise.race([once(child, 'message'), ended.promise])) as [
      { readonly result?: unknown; readonly error?: string },
    ];
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result;
  } finally {
    child.removeListener('exit', tell);
  }
}
