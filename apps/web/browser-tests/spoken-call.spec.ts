import { expect, type Locator, type Page } from '@playwright/test';
import { medianPitchHz, soundSpans, speak as synthesise } from '@voicebus/testing/system';
import { installSoundRecorder, takeHeard } from './voice/heard-sound.ts';
import { recognise } from './voice/recognise.ts';
import { installSpokenMicrophone, type Said, speak } from './voice/spoken-microphone.ts';
import { test } from './product.ts';

const lines = (page: Page) => page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');
const agent = (page: Page) => page.getByRole('status', { name: 'Agent' });

/** Says a sentence with a voice; whether the recogniser gets every word is not what this test is about. */
async function say(page: Page, text: string): Promise<Said> {
  return speak(page, await synthesise('flite-rms', text));
}

/**
 * Says a sentence until it has its effect, at most three times, as people do with somebody who did not
 * understand them.
 */
async function sayUntil(page: Page, text: string, effect: Locator): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await say(page, text);
    const isThere = await effect.waitFor({ timeout: attempt < 3 ? 12_000 : 25_000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    expect(attempt, `"${text}" had no effect in three attempts`).toBeLessThan(3);
  }
}

/** The agent has said what it wanted to and listens. */
async function untilListening(page: Page, name: string): Promise<void> {
  await expect(agent(page)).toContainText(new RegExp(`${name}.*listening`, 's'), {
    timeout: 30_000,
  });
}

/** The pieces of a recording in which somebody speaks. */
function spoken(pcm: Int16Array): Int16Array[] {
  return soundSpans(pcm, { joinMs: 500 }).map(({ startMs, endMs }) =>
    pcm.subarray(Math.max(0, startMs - 100) * 16, (endMs + 200) * 16),
  );
}

/** The greeter has begun to greet. */
async function startCall(page: Page): Promise<void> {
  await installSpokenMicrophone(page);
  await installSoundRecorder(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live', {
    timeout: 20_000,
  });
  await expect(lines(page).first()).toHaveText(/^Greeter /, { timeout: 10_000 });
}

test('a whole call by voice: greeted, helped, handed over and back', async ({ page, context }) => {
  test.setTimeout(180_000);
  await startCall(page);
  await untilListening(page, 'Greeter');
  const greeting = await takeHeard(page);

  await sayUntil(page, 'I need help with my order', page.getByText('Now talking with Support'));
  await untilListening(page, 'Support');
  const transfer = await takeHeard(page);

  const dashboard = await context.newPage();
  await dashboard.goto('/dashboard');
  const row = dashboard
    .getByRole('table', { name: 'Sessions' })
    .getByRole('row')
    .filter({ hasText: 'WebRTC' });
  await expect(row.first()).toContainText('Support');
  await expect(dashboard.getByRole('table', { name: 'Workers' })).toContainText(/support/i);
  await page.bringToFront();

  const before = await lines(page).count();
  await say(page, 'four two seven one');
  await expect.poll(() => lines(page).count(), { timeout: 20_000 }).toBeGreaterThan(before + 1);
  await untilListening(page, 'Support');
  await takeHeard(page);
  await sayUntil(
    page,
    'take me back to the greeter please',
    page.getByText('Now talking with Greeter'),
  );
  await untilListening(page, 'Greeter');
  await expect(row.first()).toContainText('Greeter');
  await context.close();

  // What was heard, not what was shown: two voices, and the words that matter.
  // The last of what is long enough to be words.
  const ofSupport = spoken(transfer).findLast(({ length }) => length > 8_000) ?? new Int16Array(0);
  const [greeterHz, supportHz] = [medianPitchHz(greeting), medianPitchHz(ofSupport)];
  expect(Math.abs(greeterHz - supportHz)).toBeGreaterThan(40);
  const words = await Promise.all([greeting, transfer].map((pcm) => recognise(spoken(pcm))));
  expect(words[0]).toMatch(/hello|welcome|help|do for you/i);
  expect(words[1]).toMatch(/support|hand you over|connect/i);
});

test('speaking over the bot silences it, and the transcript says so', async ({ page }) => {
  test.setTimeout(90_000);
  await startCall(page);
  await untilListening(page, 'Greeter');
  await page.getByRole('textbox', { name: 'Type a message' }).fill('I need help with my order');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(agent(page)).toContainText(/Support.*speaking/s, { timeout: 20_000 });
  // A sentence of which no whole word was heard leaves no line that could say so.
  const ofSupport = lines(page)
    .filter({ hasText: /^Support/ })
    .last();
  await expect(ofSupport.locator('[data-part=heard]')).toHaveText(/\w+ \w+ /, { timeout: 10_000 });
  await page.waitForFunction(() => (window.voicebus?.playback.level() ?? 0) > 0.01);
  await say(page, 'stop please wait a moment');
  await page.waitForFunction(() => (window.voicebus?.playback.level() ?? 1) < 0.002);
  await expect(page.getByText('interrupted').first()).toBeVisible({ timeout: 10_000 });
  await untilListening(page, 'Support');
});

test('a muted microphone is not heard, and says so', async ({ page }) => {
  test.setTimeout(90_000);
  await startCall(page);
  // While the greeter speaks, who would fall silent for anybody who is heard.
  await page.getByRole('button', { name: 'Mute' }).click();
  const { endMs } = await say(page, 'can anybody hear me now I am talking to you');
  await expect(page.getByText(/muted/i).first()).toBeVisible();
  await page.waitForFunction((ms) => performance.now() > ms, endMs);
  await untilListening(page, 'Greeter');
  await expect(lines(page).filter({ hasText: /^You/ })).toHaveCount(0);
  await expect(page.getByText('interrupted')).toHaveCount(0);
  const before = await lines(page).count();
  await page.getByRole('button', { name: 'Unmute' }).click();
  await say(page, 'hello how are you');
  await expect.poll(() => lines(page).count(), { timeout: 20_000 }).toBeGreaterThan(before + 1);
});

test('words said while it still connects are not lost', async ({ page }) => {
  test.setTimeout(90_000);
  await installSpokenMicrophone(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await say(page, 'I need help with my order');
  await expect(lines(page).filter({ hasText: /^You/ }).first()).toContainText(/help|order/i, {
    timeout: 30_000,
  });
});
