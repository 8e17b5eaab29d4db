import type { TranscriptionResult } from '@voicebus/core';
import { encodeWords, silence } from '@voicebus/testing';
import { DeepgramStandIn } from '@voicebus/testing/stand-ins/deepgram';
import { growthPerTurn, holdTurns, mostBytesPerTurn } from '@voicebus/testing/system';
import { expect, it } from 'vitest';
import { DeepgramSpeechToText } from './deepgram.ts';

it.each(['flux-general-en', 'nova-3'])(
  '%s holds nothing of 500 utterances of one call',
  async (model) => {
    await using standIn = await DeepgramStandIn.start();
    await using deepgram = new DeepgramSpeechToText({
      apiKey: standIn.key,
      baseUrl: standIn.url,
      model,
      finalTimeoutMs: 5_000,
      answerTimeoutMs: 60_000,
    });
    let finished = (_result: TranscriptionResult): void => {};
    const { signal } = new AbortController();
    const failed = Promise.withResolvers<never>();
    await using stream = await deepgram.open({
      sessionId: 's1',
      onResult: (result) => {
        if (result.type === 'final') finished(result);
      },
      onError: failed.reject,
      signal,
    });
    const write = (pcm: Int16Array): void => {
      for (let at = 0; at < pcm.length; at += 320) stream.write(pcm.subarray(at, at + 320));
    };
    let understood = 0;
    const samples = await holdTurns({
      turns: 500,
      playTurn: async (turn) => {
        const final = new Promise<TranscriptionResult>((resolve) => (finished = resolve));
        stream.startUtterance(`u${turn}`);
        write(encodeWords('where is it', 100));
        // Once in a while the connection breaks in the middle, and another one hears it again.
        if (turn % 100 === 50) standIn.cut();
        write(silence(200));
        stream.endUtterance(`u${turn}`);
        write(silence(200));
        const { text } = await Promise.race([final, failed.promise]);
        if (text === 'where is it') understood += 1;
      },
      forget: () => {
        for (const { told } of standIn.connections) told.length = 0;
      },
    });
    expect(understood).toBe(600);
    expect(growthPerTurn(samples)).toBeLessThan(mostBytesPerTurn);
  },
  90_000,
);
