import { SeededRandom } from '@voicebus/testing';
import { describe, expect, it } from 'vitest';
import type { Whose } from '../frames/frame.ts';
import { EchoJudge } from './echo-judge.ts';

const rateHz = 16_000;
const windowSamples = 512;
const windowMs = 32;

function seededRandom(seed: number): () => number {
  const random = new SeededRandom(seed);
  return () => random.next();
}

/** Sounds as long as those of speech (60 to 160 ms), each with a pitch and two formants of its own. */
function voice(seed: number, durationMs: number): Float32Array {
  const random = seededRandom(seed);
  const pcm = new Float32Array((durationMs / 1000) * rateHz);
  for (let at = 0; at < pcm.length;) {
    const length = Math.round((0.06 + 0.1 * random()) * rateHz);
    const pitchHz = 90 + 130 * random();
    const formantsHz = [300 + 500 * random(), 1_000 + 1_800 * random()];
    const loudness = random() < 0.2 ? 0 : 0.3 + random();
    for (let index = 0; index < length && at + index < pcm.length; index += 1) {
      const envelope = Math.sin((Math.PI * index) / length) * loudness;
      let sample = 0;
      for (let harmonic = 1; harmonic * pitchHz < 3_800; harmonic += 1) {
        const hz = harmonic * pitchHz;
        const gain = formantsHz.reduce(
          (sum, formant) => sum + 1 / (1 + ((hz - formant) / 120) ** 2),
          0.02,
        );
        sample += gain * Math.sin((2 * Math.PI * hz * index) / rateHz);
      }
      pcm[at + index] = 1_500 * envelope * sample;
    }
    at += length;
  }
  return pcm;
}

interface Room {
  readonly bot: Float32Array;
  readonly gainDb: number;
  readonly delayMs: number | ((atMs: number) => number);
  /** The judge is asked so much after the sound was captured. */
  readonly laterMs?: number;
  readonly caller?: { readonly pcm: Float32Array; readonly fromMs: number };
}

const firstMs = 50_000;

/** The judge's word on each window of the microphone. */
function judge({ bot, gainDb, delayMs, caller, laterMs = 0 }: Room): Whose[] {
  const echo = new EchoJudge();
  const gain = 10 ** (gainDb / 20);
  const hiss = seededRandom(3);
  // Its pauses between words are played, too; what comes after the last word is not.
  const spokenSamples = bot.findLastIndex((sample) => sample !== 0);
  const rulings: Whose[] = [];
  for (let start = 0; start + windowSamples <= bot.length; start += windowSamples) {
    const atMs = firstMs + (start / rateHz) * 1000;
    const sound = Int16Array.from(bot.subarray(start, start + windowSamples));
    if (start < spokenSamples) echo.played(sound, rateHz, atMs);
    const microphone = Int16Array.from({ length: windowSamples }, (_, index) => {
      const now = start + index;
      const own = caller?.pcm[now - (caller.fromMs / 1000) * rateHz] ?? 0;
      const atNow = typeof delayMs === 'number' ? delayMs : delayMs((now / rateHz) * 1000);
      return (bot[now - (atNow / 1000) * rateHz] ?? 0) * gain + own + 16 * (hiss() - 0.5);
    });
    echo.captured(microphone, rateHz, atMs);
    const askedMs = atMs + windowMs - laterMs;
    if (askedMs > firstMs) rulings.push(echo.whose(askedMs));
  }
  return rulings;
}

const share = (rulings: readonly Whose[], wanted: Whose = 'bot'): number =>
  rulings.filter((whose) => whose === wanted).length / Math.max(1, rulings.length);

describe.each([-12, -20, -30])("the bot's own voice in the microphone at %i dB", (gainDb) => {
  it.each([40, 120, 250])('is known for what it is, %i ms late', (delayMs) => {
    const rulings = judge({ bot: voice(1, 6_000), gainDb, delayMs });
    const sounding = rulings.slice(Math.ceil((delayMs + 200) / windowMs));
    expect(share(sounding)).toBeGreaterThan(0.97);
  });

  it('does not hide a caller who speaks over it', () => {
    const caller = { pcm: voice(2, 2_000), fromMs: 3_000 };
    const rulings = judge({ bot: voice(1, 6_000), gainDb, delayMs: 120, caller });
    const [from, to] = [3_000, 5_000].map((ms) => Math.ceil(ms / windowMs));
    const over = rulings.slice(from, to);
    expect(share(over)).toBeLessThan(0.5);
    // Three windows in a row make an onset: soon after the caller began.
    const heard = over.findIndex((_, index) => share(over.slice(index, index + 3)) === 0);
    expect(heard).toBeGreaterThanOrEqual(0);
    expect(heard * windowMs).toBeLessThan(300);
  });
});

it('a caller who speaks over the bot for long does not make it forget the way of the echo', () => {
  const caller = { pcm: voice(2, 6_000), fromMs: 4_000 };
  const rulings = judge({ bot: voice(1, 20_000), gainDb: -20, delayMs: 120, caller });
  expect(share(rulings.slice(Math.ceil(10_300 / windowMs)))).toBe(1);
});

it('a short word of the bot is known for what it is, also before its way is', () => {
  const bot = new Float32Array(2 * rateHz);
  bot.set(voice(1, 260), rateHz / 2);
  expect(share(judge({ bot, gainDb: -12, delayMs: 120 }).slice(19, 30))).toBe(1);
});

it('an echo that moves by 80 ms is found again within half a second', () => {
  const bot = voice(1, 12_000);
  const delayMs = (atMs: number): number => (atMs < 6_000 ? 120 : 200);
  const rulings = judge({ bot, gainDb: -20, delayMs });
  expect(share(rulings.slice(20, 6_000 / windowMs))).toBeGreaterThan(0.97);
  expect(share(rulings.slice(Math.ceil(6_500 / windowMs)))).toBeGreaterThan(0.97);
});

it('is asked about sound that was captured a while ago, as by a detector that is behind', () => {
  const caller = { pcm: voice(2, 1_500), fromMs: 3_000 };
  const room = { bot: voice(1, 6_000), gainDb: -20, delayMs: 120, caller };
  const late = judge({ ...room, laterMs: 800 });
  const prompt = judge(room).slice(0, late.length);
  const [from, to] = [Math.ceil(600 / windowMs), late.length];
  const differing = late
    .map((whose, index) => (whose === 'bot') !== (prompt[index] === 'bot'))
    .slice(from, to);
  expect(differing.filter(Boolean).length / differing.length).toBeLessThan(0.15);
});

it('a caller in a room without echo is never taken for one', () => {
  const caller = { pcm: voice(2, 6_000), fromMs: 0 };
  const rulings = judge({ bot: voice(1, 6_000), gainDb: -100, delayMs: 120, caller });
  // But for the first half second, in which nobody can tell.
  expect(share(rulings.slice(20))).toBeLessThan(0.02);
});

it('nothing is an echo while the bot has not spoken', () => {
  const caller = { pcm: voice(2, 3_000), fromMs: 0 };
  const bot = new Float32Array(3 * rateHz);
  expect(share(judge({ bot, gainDb: -20, delayMs: 120, caller }))).toBe(0);
});

it('a headset that is put on is noticed: the way of the echo is forgotten', () => {
  const bot = voice(1, 20_000);
  const caller = { pcm: voice(2, 3_000), fromMs: 16_000 };
  const open = judge({ bot: bot.subarray(0, 5 * rateHz), gainDb: -12, delayMs: 100 });
  expect(share(open.slice(10))).toBeGreaterThan(0.97);
  const rulings = judge({ bot, gainDb: -100, delayMs: 100, caller });
  expect(share(rulings.slice(500, 590))).toBeLessThan(0.02);
});

it('a caller who answers long after the bot was heard is no echo', () => {
  const bot = new Float32Array(10 * rateHz);
  bot.set(voice(1, 4_000));
  const caller = { pcm: voice(2, 3_000), fromMs: 6_500 };
  const rulings = judge({ bot, gainDb: -20, delayMs: 120, caller });
  expect(share(rulings.slice(20, 4_000 / windowMs))).toBeGreaterThan(0.97);
  expect(share(rulings.slice(Math.ceil(6_500 / windowMs)))).toBe(0);
});

describe('beyond doubt', () => {
  it.each([-12, -20, -30])('the bot at %i dB is never the caller', (gainDb) => {
    for (const delayMs of [40, 120, 250])
      expect(share(judge({ bot: voice(1, 8_000), gainDb, delayMs }), 'caller')).toBe(0);
  });

  it('it is the caller where no echo came back, as with a headset, and not before that is known', () => {
    const caller = { pcm: voice(2, 20_000), fromMs: 0 };
    const rulings = judge({ bot: voice(1, 20_000), gainDb: -100, delayMs: 120, caller });
    expect(share(rulings.slice(0, 2_000 / windowMs), 'caller')).toBe(0);
    expect(share(rulings.slice(Math.ceil(6_000 / windowMs)), 'caller')).toBeGreaterThan(0.95);
  });

  it('it is the caller where the echo is known and by far not as loud', () => {
    const caller = { pcm: voice(2, 2_000), fromMs: 4_000 };
    const rulings = judge({ bot: voice(1, 8_000), gainDb: -40, delayMs: 120, caller });
    const [from, to] = [4_100, 5_900].map((ms) => Math.ceil(ms / windowMs));
    expect(share(rulings.slice(from, to), 'caller')).toBeGreaterThan(0.5);
  });
});
