import { readFile } from 'node:fs/promises';
import { expect, type Page } from '@playwright/test';
import { test } from './product.ts';

const connection = (page: Page) => page.getByRole('status', { name: 'Connection' });
const lines = (page: Page) => page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');

const untilHeard = (page: Page) =>
  page.waitForFunction(() => (window.voicebus?.playback.level() ?? 0) > 0.01);

async function startTalking(page: Page): Promise<void> {
  await page.context().grantPermissions(['microphone']);
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await expect(connection(page)).toHaveText('Live', { timeout: 20_000 });
  await untilHeard(page);
}

async function ask(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Type a message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/** Every state of the connection from now on, also one that is over before anybody looks. */
async function recordStates(page: Page): Promise<void> {
  await page.evaluate(() => {
    const status = document.querySelector('[aria-label=Connection]');
    window.seenStates = [];
    new MutationObserver(() => window.seenStates.push(status?.textContent ?? '')).observe(
      status ?? document.body,
      { childList: true, subtree: true, characterData: true },
    );
  });
}

test('losing signalling is not losing the call: the bot goes on, the text catches up', async ({
  page,
  product,
}) => {
  test.setTimeout(90_000);
  await startTalking(page);
  await recordStates(page);
  await ask(page, 'I need help with my order');
  await expect(lines(page).filter({ hasText: /^You/ })).toHaveCount(1);
  // The question is there, its answer is not: that comes while the line is cut.
  product.line.cut();
  await untilHeard(page);
  await expect(page.getByText('You can go on talking')).toBeVisible();
  product.line.restore();
  await expect(page.getByText('You can go on talking')).toBeHidden({ timeout: 20_000 });
  await expect(connection(page)).toHaveText('Live');
  // Not for a moment did it look like a dropped call.
  expect(await page.evaluate(() => window.seenStates.join())).not.toContain('Reconnecting');
  await expect(page.getByText('Now talking with Support')).toBeVisible({ timeout: 20_000 });
  await ask(page, 'take me back to the greeter please');
  await expect(page.getByText('Now talking with Greeter')).toBeVisible({ timeout: 20_000 });
});

test('a media path that broke is built anew in the same session', async ({ page, product }) => {
  test.setTimeout(90_000);
  await startTalking(page);
  const before = await lines(page).first().textContent();
  const { processId } = product.agent;
  const children = await readFile(`/proc/${processId}/task/${processId}/children`, 'utf8');
  const workers: number[] = [];
  for (const child of children.trim().split(' ').map(Number)) {
    const command = await readFile(`/proc/${child}/cmdline`, 'utf8');
    if (command.includes('mediasoup')) workers.push(child);
  }
  expect(workers.length).toBeGreaterThan(0);
  await recordStates(page);
  for (const worker of workers) process.kill(worker, 'SIGKILL');

  await page.waitForFunction(() => window.seenStates.includes('Reconnecting'), null, {
    timeout: 30_000,
  });
  await expect(connection(page)).toHaveText('Live', { timeout: 30_000 });
  await expect(lines(page).first()).toHaveText(before ?? '');
  await ask(page, 'I need help with my order');
  await expect(page.getByText('Now talking with Support')).toBeVisible({ timeout: 20_000 });
  await untilHeard(page);
});

test('a reloaded page talks on in the same session', async ({ page }) => {
  test.setTimeout(90_000);
  await startTalking(page);
  await ask(page, 'I need help with my order');
  await expect(page.getByText('Now talking with Support')).toBeVisible({ timeout: 20_000 });
  const said = await lines(page).count();
  await page.reload();
  // By itself where the browser lets it play, else with one click.
  const resume = page.getByRole('button', { name: 'Resume the call' });
  await expect(connection(page).filter({ hasText: 'Live' }).or(resume)).toBeVisible();
  if (await resume.isVisible()) await resume.click();
  await expect(connection(page)).toHaveText('Live', { timeout: 20_000 });
  await expect(page.getByText('Now talking with Support')).toBeVisible();
  await expect.poll(() => lines(page).count()).toBeGreaterThanOrEqual(said);
  await expect(page.getByRole('status', { name: 'Agent' })).toContainText('Support');
  await ask(page, 'take me back to the greeter please');
  await expect(page.getByText('Now talking with Greeter')).toBeVisible({ timeout: 20_000 });
  await untilHeard(page);
});

declare global {
  interface Window {
    seenStates: string[];
  }
}
