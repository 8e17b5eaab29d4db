import { readFile } from 'node:fs/promises';
import { type EventDraft, stampEvents, writtenCall } from '@voicebus/session-view/written-call';
import { expect, startTyping, test } from './fixtures.ts';

test('the end says why, how long, how many turns and how fast', async ({ page, transport }) => {
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall);
  await expect(page.getByText('Support here')).toBeVisible();
  transport.calls.at(-1)?.send({ type: 'ended', reason: 'agent-ended' });
  const summary = page.getByRole('region', { name: 'Call ended' });
  await expect(summary.getByRole('heading')).toHaveText('The agent ended the call');
  await expect(summary.getByText('Turns').locator('..')).toHaveText(/^Turns\s*2$/);
  await expect(summary.getByText('Length').locator('..')).toHaveText(/^Length\s*0:1\d$/);
  // Measured at the ear, as the call's events tell also a page that was reloaded meanwhile.
  await expect(summary.getByText('Median response').locator('..')).toHaveText(
    /^Median response\s*1\.3 s$/,
  );

  // The dashboard counts the same.
  transport.script.events = { sequence: 1, wallMs: Date.now(), events: [...writtenCall] };
  await page.goto('/dashboard/sessions/session-1');
  await expect(page.getByText('Turns', { exact: true }).locator('..')).toHaveText(/^Turns\s*2$/);
});

test('what was said can be copied and taken along', async ({ page, context, transport }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall);
  transport.calls.at(-1)?.send({ type: 'ended', reason: 'caller-idle' });
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download transcript' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^voicebus-call-\d{4}-\d\d-\d\d-\d\d-\d\d\.txt$/);
  const said = [
    '[0:01] Greeter: Hello, this is Greeter. How can I help?',
    '[0:05] You: Where is my order?',
    '[0:07] Greeter: It left the warehouse (interrupted)',
    '[0:09] You: I want to talk to a person',
    '[0:09] — Now talking with Support —',
    '[0:10] Support: Support here, I can see your order.',
  ].join('\n');
  const file = await readFile(await download.path(), 'utf8');
  expect(file).toMatch(/^Call of \d{4}-\d\d-\d\d \d\d:\d\d, 0:1\d\n\n/);
  expect(file).toContain(said);

  await page.getByRole('button', { name: 'Copy transcript' }).click();
  await expect(page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(said);
});

test('an agent that hears itself brings up the headset hint, once', async ({ page, transport }) => {
  await startTyping(page);
  const echo: EventDraft = {
    type: 'interruption',
    atMs: 20_000,
    verdict: 'resume',
    by: 'voice',
    isEcho: true,
  };
  const drafts = writtenCall.slice(0, 6) as readonly EventDraft[];
  const events = stampEvents([...drafts, echo, echo, echo, echo]);
  const hint = page.getByText('The agent hears itself');
  transport.calls.at(-1)?.events(events.slice(0, 7));
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live');
  await expect(hint).toBeHidden();
  transport.calls.at(-1)?.events(events.slice(0, 8));
  await expect(hint).toBeVisible();
  await page.getByRole('button', { name: 'Got it' }).click();
  transport.calls.at(-1)?.events(events);
  transport.calls.at(-1)?.send({ type: 'suggestions', suggestions: ['After the echoes'] });
  await expect(page.getByRole('button', { name: 'After the echoes' })).toBeVisible();
  await expect(hint).toBeHidden();
});
