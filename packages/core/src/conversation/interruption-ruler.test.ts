import { FakeClock } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import { defaultTurnOptions } from '../turns/turn-options.ts';
import { InterruptionRuler } from './interruption-ruler.ts';

function setup() {
  const clock = new FakeClock();
  const seen: string[] = [];
  const ruler = new InterruptionRuler({
    clock,
    options: defaultTurnOptions,
    hold: () => seen.push('hold'),
    resume: (holdId) => seen.push(`resume ${holdId}`),
    interrupt: (hold) => {
      seen.push(`interrupt ${hold.holdId}`);
      ruler.botSounds(false);
    },
  });
  ruler.botSounds(true);
  return { clock, seen, ruler };
}

describe('the interruption ruler', () => {
  it('holds when the page heard speech, and lets the bot go on when nothing came of it', async () => {
    const { clock, seen, ruler } = setup();
    ruler.pageHeardSpeech('h1');
    expect(seen).toEqual(['hold']);
    await clock.advance(800);
    expect(seen).toEqual(['hold', 'resume h1']);
  });

  it('answers a page that was mistaken about the bot at once', () => {
    const { seen, ruler } = setup();
    ruler.botSounds(false);
    ruler.pageHeardSpeech('h1');
    expect(seen).toEqual(['resume h1']);
  });

  it('interrupts once, at the first word that takes the turn', async () => {
    const { clock, seen, ruler } = setup();
    ruler.pageHeardSpeech('h1');
    ruler.speechStarted(clock.now());
    ruler.speechHeard(200, 'mm');
    expect(seen).toEqual(['hold']);
    ruler.speechHeard(400, 'mm');
    ruler.wordsHeard('mm stop');
    expect(seen).toEqual(['hold', 'interrupt h1']);
    ruler.wordsHeard('mm stop it');
    await clock.advance(2_000);
    expect(seen).toEqual(['hold', 'interrupt h1']);
  });

  it('takes the words of the first moments for a guess, which the final transcript decides', () => {
    const { clock, seen, ruler } = setup();
    ruler.speechStarted(clock.now());
    for (const guess of ['but', 'the', 'ahead']) ruler.speechHeard(160, guess);
    expect(seen).toEqual(['hold']);
    expect(ruler.utteranceOver('uh huh')).toBe('resume');
    ruler.speechStarted(clock.now());
    ruler.speechHeard(160, 'no');
    expect(ruler.utteranceOver('no')).toBe('interrupt');
    expect(seen).toEqual(['hold', 'resume null', 'hold', 'interrupt null']);
  });

  it('interrupts for a short word whose transcript comes after the deadline', async () => {
    const { clock, seen, ruler } = setup();
    ruler.pageHeardSpeech('h1');
    ruler.speechStarted(clock.now());
    ruler.speechHeard(160, 'no');
    await clock.advance(800);
    expect(seen).toEqual(['hold', 'resume h1']);
    expect(ruler.utteranceOver('no')).toBe('interrupt');
    expect(seen.at(-1)).toBe('interrupt null');
  });

  it('takes nothing that was said before for evidence', async () => {
    const { clock, seen, ruler } = setup();
    ruler.speechStarted(clock.now());
    ruler.speechHeard(900, 'stop it');
    expect(ruler.utteranceOver('stop it')).toBe('none');
    expect(seen).toEqual(['hold', 'interrupt null']);
    ruler.botSounds(true);
    ruler.pageHeardSpeech('h2');
    await clock.advance(800);
    expect(seen.slice(2)).toEqual(['hold', 'resume h2']);
  });

  it('interrupts for words that follow a backchannel in the same breath', async () => {
    const { clock, seen, ruler } = setup();
    ruler.speechStarted(clock.now());
    ruler.speechHeard(200, 'mm-hm');
    await clock.advance(800);
    expect(seen).toEqual(['hold', 'resume null']);
    ruler.speechHeard(450, 'mm-hm but wait');
    expect(seen).toEqual(['hold', 'resume null', 'interrupt null']);
  });

  it('takes speech that began before the bot did for speech over the bot', () => {
    const { clock, seen, ruler } = setup();
    ruler.botSounds(false);
    ruler.speechStarted(clock.now());
    expect(seen).toEqual([]);
    ruler.botSounds(true);
    expect(seen).toEqual(['hold']);
  });

  it('listens closely for a moment after the bot stopped', async () => {
    const { clock, ruler } = setup();
    ruler.botSounds(false);
    expect(ruler.overBot).toBe(true);
    await clock.advance(300);
    expect(ruler.overBot).toBe(false);
  });
});
