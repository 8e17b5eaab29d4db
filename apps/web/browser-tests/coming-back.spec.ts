import type { Page } from '@playwright/test';
import { writtenCall } from '@voicebus/session-view/written-call';
import { expect, startTyping, test } from './fixtures.ts';
import type { StandInTransport } from './stand-in/transport.ts';

const connection = (page: Page) => page.getByRole('status', { name: 'Connection' });
const lines = (page: Page) => page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');
const hellos = (transport: StandInTransport) =>
  transport.received.filter((message) => message.type === 'hello');

/** The greeting was said, and the caller has asked something. */
const soFar = writtenCall.slice(0, 26);

async function startLiveCall(page: Page, transport: StandInTransport): Promise<void> {
  await startTyping(page);
  transport.script.missed = soFar;
  transport.calls.at(-1)?.events(soFar);
  await expect(connection(page)).toHaveText('Live');
}

test('a reloaded page goes on with its call, with everything that was said', async ({
  page,
  transport,
}) => {
  await startLiveCall(page, transport);
  const before = await lines(page).allTextContents();
  await page.reload();
  await expect(connection(page)).toHaveText('Live');
  await expect(page.getByText('Welcome back. Your call goes on.')).toBeVisible();
  await expect(lines(page)).toHaveText(before);
  expect(hellos(transport).at(-1)).toMatchObject({ resumeToken: 'resume-1' });
  expect(hellos(transport).at(-1)).not.toHaveProperty('lastEventSequence');

  // Again, with the token that the first return brought.
  await page.reload();
  await expect(connection(page)).toHaveText('Live');
  expect(hellos(transport).at(-1)).toMatchObject({ resumeToken: 'resume-2' });
});

test('a call that was ended is not there after a reload', async ({ page, transport }) => {
  await startLiveCall(page, transport);
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(connection(page)).toHaveText('Call ended');
  await page.reload();
  await expect(page.getByRole('button', { name: 'Start talking' })).toBeVisible();
  await expect(connection(page)).toHaveText('Ready');
  expect(hellos(transport)).toHaveLength(1);
});

test('a reload that comes too late says that the call is over', async ({ page, transport }) => {
  await startLiveCall(page, transport);
  transport.script.isSessionGone = true;
  await page.reload();
  await expect(
    page.getByRole('alert').filter({ hasText: 'no longer knows this call' }),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start talking' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Resume the call' })).toBeHidden();
});

test('a gap is news after a second only, and what was typed in it is sent after it', async ({
  page,
  transport,
}) => {
  await page.clock.install();
  await startLiveCall(page, transport);
  await page.clock.pauseAt(Date.now() + 60_000);
  transport.script.answersHello = false;
  transport.calls.at(-1)?.close();
  await expect(connection(page)).toHaveText('Reconnecting');
  const banner = page.getByText('What you said is kept');
  await expect(banner).toBeHidden();
  await page.clock.runFor(2000);
  await expect(banner).toBeVisible();
  await page.getByRole('textbox', { name: 'Type a message' }).fill('are you there');
  await page.getByRole('button', { name: 'Send' }).click();

  transport.script.answersHello = true;
  await page.clock.resume();
  await expect(connection(page)).toHaveText('Live', { timeout: 20_000 });
  await expect(banner).toBeHidden();
  await expect
    .poll(() => transport.received.filter(({ type }) => type === 'text-input'))
    .toMatchObject([{ text: 'are you there' }]);
});

test('a call that cannot be reached says for how long, and can be resumed', async ({
  page,
  transport,
}) => {
  await page.clock.install();
  await startLiveCall(page, transport);
  transport.script.answersHello = false;
  transport.calls.at(-1)?.close();
  await expect(connection(page)).toHaveText('Reconnecting');
  for (let second = 0; second < 45; second += 1) await page.clock.runFor(1000);
  const alert = page.getByRole('alert').filter({ hasText: /The connection was lost for \d+ s/ });
  await expect(alert).toBeVisible();
  await expect(page.getByRole('button', { name: 'Talk again' })).toBeVisible();

  transport.script.answersHello = true;
  await alert.getByRole('button', { name: 'Resume the call' }).click();
  await expect(connection(page)).toHaveText('Live');
  await expect(lines(page).first()).toContainText('Greeter');
  expect(hellos(transport).at(-1)).toMatchObject({ resumeToken: 'resume-1' });
});

test('a laptop that wakes in time goes on at once, also on a line that only looks open', async ({
  page,
  transport,
}) => {
  await page.clock.install();
  await startLiveCall(page, transport);
  transport.script.answersPings = false;
  await page.clock.fastForward(20_000);
  await expect.poll(() => transport.calls.length).toBe(2);
  await expect(connection(page)).toHaveText('Live');
  expect(hellos(transport).at(-1)).toMatchObject({ resumeToken: 'resume-1' });
});

test('a laptop that slept too long says so, and keeps what was said', async ({
  page,
  transport,
}) => {
  await page.clock.install();
  await startLiveCall(page, transport);
  transport.script.answersPings = false;
  transport.script.isSessionGone = true;
  await page.clock.fastForward(600_000);
  await expect(
    page.getByRole('alert').filter({ hasText: 'The call ended while your computer slept' }),
  ).toBeVisible();
  await expect(lines(page).first()).toContainText('Greeter');
  await expect(page.getByRole('button', { name: 'Talk again' })).toBeVisible();
});

test('late timers alone end nothing', async ({ page, transport }) => {
  await page.clock.install();
  await startLiveCall(page, transport);
  const pings = () => transport.received.filter(({ type }) => type === 'clock-ping').length;
  const before = pings();
  await page.clock.fastForward(70_000);
  await expect.poll(pings).toBeGreaterThan(before);
  await expect(connection(page)).toHaveText('Live');
  expect(transport.calls).toHaveLength(1);
});

test('a call runs in one tab, and moves to another when its caller says so', async ({
  page,
  context,
  transport,
}) => {
  await startLiveCall(page, transport);
  const second = await context.newPage();
  await second.goto('/');
  await expect(second.getByText('A call runs in another tab')).toBeVisible();
  await expect(second.getByRole('button', { name: 'Start talking' })).toBeVisible();
  expect(hellos(transport)).toHaveLength(1);

  await second.getByRole('button', { name: 'Go on here' }).click();
  await expect(connection(second)).toHaveText('Live');
  await expect(lines(second).first()).toContainText('Greeter');
  await expect(page.getByText('This call goes on in another tab')).toBeVisible();
  expect(hellos(transport)).toHaveLength(2);

  // And back: each time with the newest token.
  await page.getByRole('button', { name: 'Go on here' }).first().click();
  await expect(connection(page)).toHaveText('Live');
  await expect(second.getByText('This call goes on in another tab')).toBeVisible();
  expect(hellos(transport).map(({ resumeToken }) => resumeToken)).toEqual([
    undefined,
    'resume-1',
    'resume-2',
  ]);

  await page.getByRole('button', { name: 'End call' }).click();
  await expect(second.getByRole('button', { name: 'Go on here' })).toBeHidden();
});

test('a duplicated tab does not take the call away by itself', async ({
  page,
  context,
  transport,
}) => {
  await startLiveCall(page, transport);
  const stored = await page.evaluate(() => sessionStorage.getItem('voicebus.call'));
  const copy = await context.newPage();
  await copy.addInitScript((call) => {
    if (call !== null) sessionStorage.setItem('voicebus.call', call);
  }, stored);
  await copy.goto('/');
  await expect(copy.getByText('A call runs in another tab')).toBeVisible();
  await expect(copy.getByRole('button', { name: 'Resume the call' })).toBeHidden();
  expect(hellos(transport)).toHaveLength(1);
  await expect(connection(page)).toHaveText('Live');
});

test('looking at the dashboard does not end the call', async ({ page, transport }) => {
  await startLiveCall(page, transport);
  await page.getByRole('link', { name: 'Dashboard' }).click();
  await expect(page.getByRole('table', { name: 'Sessions' })).toBeVisible();
  await page.getByRole('link', { name: 'Back to your call' }).click();
  await expect(connection(page)).toHaveText('Live');
  await expect(lines(page).first()).toContainText('Greeter');
  expect(hellos(transport)).toHaveLength(1);
});
