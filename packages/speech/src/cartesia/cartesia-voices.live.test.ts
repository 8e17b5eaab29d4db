import { readEnvironment } from '@voicebus/config';
import { afterAll, describe, expect, it } from 'vitest';
import { Spoken, WrittenText } from '../test-speech/spoken.ts';
import { CartesiaVoices } from './cartesia-voices.ts';

const apiKey = readEnvironment()['CARTESIA_API_KEY'];
const text =
  'Hello there, you! Your order 4271 has left. It costs $12.50, and it comes on Tuesday.';

describe.skipIf(!apiKey)('Cartesia itself', { timeout: 60_000 }, () => {
  const voices = new CartesiaVoices({ apiKey: apiKey ?? '' });
  afterAll(() => voices[Symbol.asyncDispose]());

  it.each(['bright', 'deep'])('speaks as %s, with marks up to the end', async (voice) => {
    await voices.warmUp();
    const spoken = new Spoken(voices, text, voice);
    expect(await spoken.ended).toBeNull();
    expect(spoken.marks.at(-1)?.characters).toBe(text.length);
    // Nearly every word has a mark of its own.
    expect(spoken.cutsOf(text).length).toBeGreaterThan(10);
    const ends = spoken.marks.map(({ atMs }) => atMs);
    expect(ends).toEqual(ends.toSorted((one, other) => one - other));
    expect(spoken.soundMs).toBeGreaterThan(3_000);
    expect(spoken.soundMs).toBeLessThan(15_000);
  });

  it('goes on after a pause that is longer than a context lives', async () => {
    const written = new WrittenText();
    const spoken = new Spoken(voices, written, 'bright');
    written.write('One moment, please. He');
    await spoken.until(({ marks }) => (marks.at(-1)?.characters ?? 0) >= 19);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    written.write('re it is.');
    written.finish();
    expect(await spoken.ended).toBeNull();
    expect(spoken.marks.at(-1)?.characters).toBe('One moment, please. Here it is.'.length);
  });

  it('stops, and speaks again on the same connection', async () => {
    const spoken = new Spoken(voices, text, 'bright');
    await spoken.until(({ parts }) => parts.length > 0);
    spoken.stop();
    expect(await spoken.ended).toBeNull();
    expect(await new Spoken(voices, 'All is well.', 'bright').ended).toBeNull();
  });

  it('refuses a key that it does not know, in words of ours', async () => {
    const stranger = new CartesiaVoices({ apiKey: 'sk_car_not_a_key_of_anybody' });
    await expect(stranger.warmUp()).rejects.toMatchObject({
      code: 'provider-refused',
      message: expect.stringContaining('CARTESIA_API_KEY'),
    });
    await stranger[Symbol.asyncDispose]();
  });
});
