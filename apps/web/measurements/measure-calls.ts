import { parseArgs } from 'node:util';
import { freePort, speak as synthesise } from '@voicebus/testing/system';
import { chromium, type Page } from '@playwright/test';
import { startTransportAgent, startWeb } from '../browser-tests/servers.ts';
import { installSpokenMicrophone, speak } from '../browser-tests/voice/spoken-microphone.ts';

/**
 * `npm run measure:calls`: response at the ear and interruption to silence, in a real Chromium with a
 * voice as the microphone, against the built product. --turns 20 --interruptions 10 --json
 */
const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '20' },
    interruptions: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});

/** Small talk that the greeter answers itself, so that turns are alike. */
const sentences = ['hello how are you', 'who are you', 'what can you do for me', 'good morning'];

/** As people break in: some begin with a vowel, some with breath that no detector takes for speech yet. */
const interruptions = [
  'no wait a moment',
  'I have a question',
  'okay but tell me one thing',
  'stop it please I have a question',
  'actually I want something else',
  'wait a moment please',
  'excuse me one question',
  'well let me say one thing',
  'hold on please',
  'now listen to me for a moment',
];

interface Measured {
  readonly liveMs: number;
  readonly responsesMs: readonly number[];
  readonly serverStagesMs: Readonly<Record<string, readonly number[]>>;
  readonly silencesMs: readonly number[];
  readonly unanswered: number;
}

const [transport, media] = await Promise.all([freePort(), freePort()]);
const web = await startWeb({ TRANSPORT_PORT: String(transport), TRANSPORT_URLS: '' });
const agent = await startTransportAgent({ transport, media, web: Number(new URL(web.url).port) });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
try {
  const page = await browser.newPage();
  const measured = await measure(page);
  const lateness = await pacerLateness(agent.url);
  if (values.json) process.stdout.write(`${JSON.stringify({ ...measured, lateness })}\n`);
  else print(measured, lateness);
} finally {
  await browser.close();
  await agent.stop();
  await web.stop();
}
process.exit(0);

async function measure(page: Page): Promise<Measured> {
  await installSpokenMicrophone(page);
  await page.goto(web.url);
  const clickedMs = performance.now();
  await page.getByRole('button', { name: 'Start talking' }).click();
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 30_000 });
  const liveMs = performance.now() - clickedMs;
  await untilListening(page);
  const responsesMs: number[] = [];
  let unanswered = 0;
  for (let turn = 0; turn < Number(values.turns); turn += 1) {
    const response = await measureTurn(page, sentences[turn % sentences.length] ?? '');
    if (response === null) unanswered += 1;
    else responsesMs.push(response);
  }
  const silencesMs: number[] = [];
  for (let count = 0; count < Number(values.interruptions); count += 1)
    silencesMs.push(
      await measureInterruption(page, interruptions[count % interruptions.length] ?? ''),
    );
  const serverStagesMs = await stagesOf(page);
  return { liveMs, responsesMs, serverStagesMs, silencesMs, unanswered };
}

/** From the last sample of the caller's speech to the first of the bot that leaves the loudspeaker. */
async function measureTurn(page: Page, text: string): Promise<number | null> {
  const { endMs } = await speak(page, await synthesise('flite-rms', text));
  const heardMs = await page
    .waitForFunction(
      (after) =>
        performance.now() > after &&
        (window.voicebus?.playback.level() ?? 0) > 0.003 &&
        performance.now(),
      endMs,
      { polling: 4, timeout: 10_000 },
    )
    .then((handle) => handle.jsonValue())
    .catch(() => null);
  await untilListening(page);
  return typeof heardMs === 'number' ? heardMs - endMs : null;
}

/** From the first sample of the caller's speech over the bot to silence in the loudspeaker. */
async function measureInterruption(page: Page, words: string): Promise<number> {
  await page.getByRole('textbox', { name: 'Type a message' }).fill('what can you do for me');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForFunction(() => (window.voicebus?.playback.level() ?? 0) > 0.01, null, {
    polling: 4,
  });
  await page.waitForTimeout(700);
  const voice = await synthesise('flite-rms', words);
  const silentAfter = await page.evaluateHandle(() => {
    const levels: { atMs: number; level: number }[] = [];
    const timer = setInterval(
      () => levels.push({ atMs: performance.now(), level: window.voicebus?.playback.level() ?? 0 }),
      4,
    );
    return { levels, stop: () => clearInterval(timer) };
  });
  const { startMs } = await speak(page, voice);
  await page.waitForTimeout(1_500);
  const levels = await silentAfter.evaluate(({ levels: seen, stop }) => (stop(), seen));
  await untilListening(page);
  const firstMs = startMs + speechStartMs(voice);
  return silenceAfter(levels, firstMs) - firstMs;
}

/** Synthesised voices begin with a click and up to 140 ms of next to nothing: what is within 34 dB of the loudest is speech. */
function speechStartMs(pcm: Int16Array): number {
  const parts = Array.from({ length: Math.floor(pcm.length / 160) }, (_, index) =>
    Math.hypot(...pcm.subarray(index * 160, index * 160 + 160)),
  );
  const loudest = Math.max(...parts);
  return 10 * parts.findIndex((part) => part > loudest * 0.02);
}

/** The first of 300 ms of silence: pauses between the bot's words are shorter. */
function silenceAfter(levels: readonly { atMs: number; level: number }[], fromMs: number): number {
  const later = levels.filter(({ atMs }) => atMs >= fromMs);
  const at = later.find(({ atMs }) =>
    later.every((each) => each.atMs < atMs || each.atMs > atMs + 300 || each.level < 0.002),
  );
  return at?.atMs ?? Number.POSITIVE_INFINITY;
}

async function untilListening(page: Page): Promise<void> {
  await page
    .getByRole('status', { name: 'Agent' })
    .getByText('listening')
    .waitFor({ timeout: 30_000 });
  await page.waitForFunction(() => (window.voicebus?.playback.level() ?? 0) < 0.002, null, {
    timeout: 10_000,
  });
}

/** The server's own marks of each turn, as differences. */
async function stagesOf(page: Page): Promise<Record<string, number[]>> {
  const sessions = (await (await fetch(new URL('/v1/sessions', agent.url))).json()) as {
    sessions: { sessionId: string }[];
  };
  const id = sessions.sessions.at(-1)?.sessionId ?? '';
  const log = (await (await fetch(new URL(`/v1/sessions/${id}/events`, agent.url))).json()) as {
    events: { type: string; turnId?: string; atMs: number; endedAtMs?: number }[];
  };
  const turns = Map.groupBy(log.events, ({ turnId }) => turnId ?? '');
  const stages: Record<string, number[]> = {};
  const marks = [
    'turn-ruled-end',
    'transcript-final',
    'llm-request',
    'llm-first-token',
    'tts-first-byte',
    'audio-first-sent',
    'playback-first-heard',
  ];
  for (const events of turns.values()) {
    let beforeMs = events.find(({ type }) => type === 'speech-heard-end')?.endedAtMs;
    if (beforeMs === undefined) continue;
    for (const mark of marks) {
      const atMs = events.find(({ type }) => type === mark)?.atMs;
      if (atMs === undefined) break;
      (stages[mark] ??= []).push(atMs - beforeMs);
      beforeMs = atMs;
    }
  }
  await page.close();
  return stages;
}

async function pacerLateness(url: string): Promise<string> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('voicebus_pacer_lateness_seconds_'))
    .map((line) => line.replace('voicebus_pacer_lateness_seconds_', ''))
    .join('; ');
}

function print(measured: Measured, lateness: string): void {
  const write = (line: string): void => void process.stdout.write(`${line}\n`);
  const row = (name: string, numbers: readonly number[]): void =>
    write(
      `${name.padEnd(34)} n ${String(numbers.length).padStart(3)}   median ${at(numbers, 0.5)}   p95 ${at(numbers, 0.95)}`,
    );
  write(`live after ${Math.round(measured.liveMs)} ms; ${measured.unanswered} turns not answered`);
  row('response at the ear, ms', measured.responsesMs);
  for (const [stage, numbers] of Object.entries(measured.serverStagesMs))
    row(`  to ${stage}`, numbers);
  row('interruption to silence, ms', measured.silencesMs);
  write(`pacer: ${lateness}`);
}

function at(numbers: readonly number[], share: number): string {
  const sorted = numbers.toSorted((first, second) => first - second);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return value === undefined ? '–' : String(Math.round(value)).padStart(5);
}
