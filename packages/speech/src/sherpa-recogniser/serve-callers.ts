import { CallerDecoder } from './caller-decoder.ts';
import type { FromProgram, ToProgram } from './program-messages.ts';
import type { StreamingEngine } from './streaming-engine.ts';

/** The other side of a `SherpaProcess`: loads the engine, serves callers, ends when nobody is there any more. */
export async function serveCallers(load: () => Promise<StreamingEngine>): Promise<void> {
  const tell = (message: FromProgram): void => void process.send?.(message);
  process.on('disconnect', () => process.exit(0));
  const engine = await load().catch((thrown: unknown) => {
    tell({ type: 'refused', message: thrown instanceof Error ? thrown.message : String(thrown) });
  });
  // The message is on its way; whoever reads it closes the door.
  if (!engine) return;
  const callers = new Map<number, CallerDecoder>();
  process.on('message', (message: ToProgram) => {
    const { stream } = message;
    switch (message.type) {
      case 'open': {
        callers.set(
          stream,
          new CallerDecoder(engine, (heard) => tell({ type: 'heard', stream, message: heard })),
        );
        return tell({ type: 'opened', stream });
      }
      case 'close':
        return void callers.delete(stream);
      case 'start':
        return callers.get(stream)?.start(message.utterance);
      case 'sound':
        return callers.get(stream)?.hear(message.pcm);
      case 'end':
        return callers.get(stream)?.end(message.utterance);
    }
  });
  tell({ type: 'loaded' });
}
