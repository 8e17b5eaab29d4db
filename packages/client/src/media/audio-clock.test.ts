import { describe, expect, it } from 'vitest';
import { AudioClock } from './audio-clock.ts';

describe('the clock of the audio thread', () => {
  it('trusts the message that came fastest', () => {
    const clock = new AudioClock();
    clock.observe(1, 5040);
    clock.observe(1.1, 5104);
    clock.observe(1.2, 5250);
    expect(clock.toPageMs(1.3)).toBeCloseTo(5304);
  });

  it('forgets after 10 s, since the clocks drift', () => {
    const clock = new AudioClock();
    clock.observe(0, 1000);
    for (let second = 1; second <= 12; second++) clock.observe(second, second * 1000 + 1005);
    expect(clock.toPageMs(12)).toBeCloseTo(13_005);
  });

  it('begins anew when the audio thread stood still', () => {
    const clock = new AudioClock();
    clock.observe(1, 5040);
    // The machine slept for a minute: the page's clock went on, the context's did not.
    clock.observe(1.032, 65_072);
    expect(clock.toPageMs(1.032)).toBeCloseTo(65_072);
  });
});
