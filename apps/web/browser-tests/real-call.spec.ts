import { expect } from '@playwright/test';
import { test } from './product.ts';

test('the greeter is heard, and a typed question is answered', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live', {
    timeout: 15_000,
  });
  await page.waitForFunction(() => (window.voicebus?.playback.level() ?? 0) > 0.01);
  const lines = page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');
  await expect(lines.first()).toHaveText(/^Greeter /);

  await page.getByRole('textbox', { name: 'Type a message' }).fill('I want to talk to support');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Now talking with Support')).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('status', { name: 'Agent' })).toContainText('Support');
});

test('the dashboard shows the call and its handoff', async ({ page, context }) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Type instead' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  await page.getByRole('textbox', { name: 'Type a message' }).fill('I want to talk to support');
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Now talking with Support')).toBeVisible({ timeout: 15_000 });

  const dashboard = await context.newPage();
  await dashboard.goto('/dashboard');
  await expect(dashboard.getByRole('table', { name: 'Runners' })).toContainText('ready');
  const sessions = dashboard.getByRole('table', { name: 'Sessions' });
  const row = sessions.getByRole('row').filter({ hasText: 'Text' }).first();
  await expect(row).toContainText('Support');
  await row.getByRole('link').click();
  await expect(dashboard.getByRole('list', { name: 'Handoffs' })).toContainText('Support');
});
