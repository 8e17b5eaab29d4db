import { dialogueSentences } from '@voicebus/llm/corpus';
import { OfflineRecogniser } from '@voicebus/speech/offline-recogniser';

/** What the offline recogniser understands in a recording, piece by piece between silences. */
export async function recognise(pieces: readonly Int16Array[]): Promise<string> {
  const program = process.env['VOICEBUS_RECOGNISER_BIN'];
  if (!program)
    throw new Error('VOICEBUS_RECOGNISER_BIN names no recogniser: run the tests by `npm test`.');
  await using recogniser = new OfflineRecogniser({
    program,
    sentences: dialogueSentences(),
    finalTimeoutMs: 20_000,
  });
  const texts: string[] = [];
  for (const [index, pcm] of pieces.entries()) {
    const done = Promise.withResolvers<string>();
    const stream = await recogniser.open({
      sessionId: 'recording',
      signal: new AbortController().signal,
      onResult: (result) => {
        if (result.type === 'final') done.resolve(result.text);
      },
      onError: done.reject,
    });
    stream.startUtterance(`piece-${index}`);
    for (let start = 0; start < pcm.length; start += 1_600)
      stream.write(pcm.subarray(start, start + 1_600));
    stream.endUtterance(`piece-${index}`);
    texts.push(await done.promise);
    await stream[Symbol.asyncDispose]();
  }
  return texts.join(' ');
}
