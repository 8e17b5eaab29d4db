import type { Page } from '@playwright/test';
import { writtenCall } from '@voicebus/session-view/written-call';
import { expect, startTyping, test } from './fixtures.ts';

const connection = (page: Page) => page.getByRole('status', { name: 'Connection' });

test('a connection that takes long says so after 5 s, and then why it did not come about', async ({
  page,
  transport,
}) => {
  await page.clock.install();
  transport.script.answersHello = false;
  await startTyping(page, 'Connecting');
  await page.clock.runFor(4_000);
  await expect(connection(page)).toHaveText('Connecting');
  await page.clock.runFor(1_500);
  await expect(connection(page)).toHaveText('Still connecting');
  await page.clock.runFor(5_000);
  const alert = page.getByRole('alert').filter({ hasText: 'The call could not be set up in time' });
  await expect(alert).toContainText('Check your network and try again.');
  await expect(page.getByRole('button', { name: 'Start talking' })).toBeVisible();
});

test('a call that gets no agent says why after 12 s, can be tried again, and is not waited for for ever', async ({
  page,
  transport,
}) => {
  await page.clock.install();
  await startTyping(page);
  const reason = page.getByRole('alert').filter({ hasText: 'no agent is free or ready yet' });
  await page.clock.runFor(6_000);
  await expect(page.getByText('Still connecting')).toBeVisible();
  await expect(reason).toBeHidden();
  await page.clock.runFor(7_000);
  await expect(reason).toBeVisible();
  await reason.getByRole('button', { name: 'Try again' }).click();
  await expect(reason).toBeHidden();
  await expect.poll(() => transport.calls.length).toBe(2);
  await expect(connection(page)).toHaveText('Waiting for an agent');

  await page.clock.runFor(31_000);
  const failure = page.getByRole('alert').filter({ hasText: 'No agent was free to take the call' });
  await expect(failure).toContainText('Try again.');
  await expect(connection(page)).toHaveText('Call failed');
});

test('an agent that comes late takes the warning away', async ({ page, transport }) => {
  await page.clock.install();
  await startTyping(page);
  await page.clock.runFor(13_000);
  await expect(page.getByText('no agent is free or ready yet')).toBeVisible();
  transport.calls.at(-1)?.events(writtenCall.slice(0, 6));
  await expect(connection(page)).toHaveText('Live');
  await expect(page.getByText('no agent is free or ready yet')).toBeHidden();
  await page.clock.runFor(31_000);
  await expect(connection(page)).toHaveText('Live');
});
