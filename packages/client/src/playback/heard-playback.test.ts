import { describe, expect, it } from 'vitest';
import { HeardPlayback } from './heard-playback.ts';
import type { HeardSpurt } from './spurts.ts';

function setUp() {
  const clock = { nowMs: 1000 };
  const player = { position: 10_000 as number | null, audible: true, asked: 0 };
  const holds: { holdId: string; playedRtpTimestamp: number }[] = [];
  const heardSpurts: HeardSpurt[] = [];
  const heard = new HeardPlayback({
    playback: {
      position: () => {
        player.asked += 1;
        return player.position;
      },
      setAudible: (audible) => {
        player.audible = audible;
      },
    },
    onHold: (hold) => holds.push(hold),
    onHeard: (spurt) => heardSpurts.push(spurt),
    now: () => clock.nowMs,
    createId: () => `h${holds.length + 1}`,
  });
  /** 10 ms of bot sound, as the meter tells it. */
  const sound = (count = 1) => {
    for (let index = 0; index < count; index++) {
      clock.nowMs += 10;
      player.position = (player.position ?? 0) + 480;
      heard.block({ level: 0.1, firstAudibleMs: clock.nowMs - 5 });
    }
  };
  return { clock, player, holds, heardSpurts, heard, sound };
}

describe('speech over the bot', () => {
  it('silences it first and asks then', () => {
    const { player, holds, heard, sound } = setUp();
    sound();
    heard.speech();
    expect(player.audible).toBe(false);
    expect(holds).toEqual([{ holdId: 'h1', playedRtpTimestamp: 10_480 }]);
  });

  it('lets it go on after a false alarm, and holds again for the next', () => {
    const { player, holds, heard, sound } = setUp();
    sound();
    heard.speech();
    heard.verdict('h1', 'resume');
    expect(player.audible).toBe(true);
    heard.speech();
    expect(holds).toHaveLength(2);
  });

  it('lets it go on when no verdict comes', () => {
    const { player, heard, sound } = setUp();
    sound();
    heard.speech();
    sound(119);
    expect(player.audible).toBe(false);
    sound();
    expect(player.audible).toBe(true);
  });

  it('keeps it silent after an interruption until its next words', () => {
    const { player, heard, sound } = setUp();
    sound();
    heard.speech();
    heard.verdict('h1', 'interrupt');
    sound(300);
    expect(player.audible).toBe(false);
    const next = (player.position ?? 0) + 960;
    heard.spurt({ turnId: 't2', agent: 'greeter', rtpTimestamp: next });
    sound();
    expect(player.audible).toBe(false);
    sound();
    expect(player.audible).toBe(true);
  });

  it('is no interruption when the bot has been quiet for 300 ms', () => {
    const { clock, heard, sound } = setUp();
    sound();
    expect(heard.isSounding()).toBe(true);
    clock.nowMs += 299;
    expect(heard.isSounding()).toBe(true);
    clock.nowMs += 1;
    expect(heard.isSounding()).toBe(false);
  });

  it('asks nothing before the first packet was played', () => {
    const { player, holds, heard } = setUp();
    player.position = null;
    heard.speech();
    expect(holds).toEqual([]);
    expect(player.audible).toBe(true);
  });
});

it('asks where the player is only while it has to know: that makes the page wait', () => {
  const { player, heard, sound } = setUp();
  sound(100);
  expect(player.asked).toBe(0);
  heard.spurt({ turnId: 't', agent: 'greeter', rtpTimestamp: (player.position ?? 0) + 960 });
  sound(100);
  // Until the spurt was heard, a packet before it at the earliest.
  expect(player.asked).toBeLessThanOrEqual(2);
});

describe('the response time', () => {
  it('is from the end of speech to the first sound of the answer, told once', () => {
    const { clock, heardSpurts, heard, player, sound } = setUp();
    heard.speechEnded(clock.nowMs);
    clock.nowMs += 800;
    heard.spurt({ turnId: 't', agent: 'greeter', rtpTimestamp: (player.position ?? 0) + 480 });
    sound(5);
    expect(heardSpurts).toMatchObject([{ turnId: 't', atMs: 1805, responseMs: 805 }]);
  });

  it('is unknown when the caller said nothing', () => {
    const { heardSpurts, heard, player, sound } = setUp();
    heard.spurt({ turnId: 't', agent: 'greeter', rtpTimestamp: player.position ?? 0 });
    sound();
    expect(heardSpurts).toMatchObject([{ turnId: 't', responseMs: null }]);
  });

  it('is not told while the caller does not hear the bot', () => {
    const { heardSpurts, heard, player, sound } = setUp();
    sound();
    heard.speech();
    heard.spurt({ turnId: 't', agent: 'greeter', rtpTimestamp: player.position ?? 0 });
    sound(3);
    expect(heardSpurts).toEqual([]);
    heard.verdict('h1', 'resume');
    sound();
    expect(heardSpurts).toHaveLength(1);
  });
});
