import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { powerShareAt, speak as synthesise } from '@voicebus/testing/system';
import { DistributedProduct } from './distributed-product.ts';
import { watchFor } from './shown.ts';
import { installSoundRecorder, takeHeard } from './voice/heard-sound.ts';
import { installSpokenMicrophone, speak } from './voice/spoken-microphone.ts';

interface Caller {
  readonly page: Page;
  readonly sessionId: string;
}

interface Fixtures {
  /** A talk page of a browser of its own, whose first transport agent is the one of that index. */
  readonly openTalk: (index: 0 | 1) => Promise<Page>;
  /** The dashboard, as the second transport agent tells it. */
  readonly dashboard: Page;
}

const test = base.extend<Fixtures, { readonly product: DistributedProduct }>({
  product: [
    // Playwright reads from this pattern what the fixture depends on: nothing.
    // oxlint-disable-next-line no-empty-pattern
    async ({}, use) => {
      await using product = await DistributedProduct.start();
      await use(product);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  openTalk: async ({ browser, product }, use) => {
    await using contexts = new AsyncDisposableStack();
    await use(async (index) => {
      const context = await browser.newContext({ baseURL: product.webUrl(index) });
      contexts.defer(() => context.close());
      const page = await context.newPage();
      await installSpokenMicrophone(page);
      await installSoundRecorder(page);
      await page.goto('/');
      return page;
    });
  },
  dashboard: async ({ browser, product }, use) => {
    const context = await browser.newContext({ baseURL: product.webUrl(1) });
    const dashboard = await context.newPage();
    const asked = dashboard.waitForRequest(`${product.transportUrl(1)}/v1/registry`);
    await dashboard.goto('/dashboard');
    await asked;
    await expect(dashboard.getByText('Up to date')).toBeVisible();
    await use(dashboard);
    await context.close();
  },
});

const silence = new Int16Array();
const tones = { greeter: 440, support: 220 };
const lines = (page: Page) => page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');
const agent = (page: Page) => page.getByRole('status', { name: 'Agent' });
const rows = (dashboard: Page, table: string): Locator =>
  dashboard.getByRole('table', { name: table }).getByRole('row');
/** As tables show it. */
const short = ({ sessionId }: Caller): string => sessionId.slice(0, 8);

/** Rings, and is greeted. */
async function start(page: Page): Promise<Caller> {
  const created = page.waitForResponse(
    (response) => response.request().method() === 'POST' && response.url().endsWith('/v1/sessions'),
  );
  await page.getByRole('button', { name: 'Start talking' }).click();
  const { sessionId } = (await (await created).json()) as { sessionId: string };
  await expect(lines(page).filter({ hasText: 'Welcome to Acme.' })).toBeVisible({ timeout: 15_000 });
  await untilListening(page, 'Greeter');
  return { page, sessionId };
}

async function untilListening(page: Page, name: string): Promise<void> {
  const text = new RegExp(`${name}.*listening`, 's');
  await expect(agent(page)).toContainText(text, { timeout: 15_000 });
}

async function type(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Type a message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

async function untilHeard(page: Page): Promise<void> {
  await page.waitForFunction(() => (window.voicebus?.playback.level() ?? 0) > 0.01);
}

/** Asks, and has the whole answer. */
async function ask({ page }: Caller, question: string, answer: string): Promise<void> {
  await type(page, question);
  const said = page.getByRole('log', { name: 'Transcript' }).locator('li[data-state=final]');
  await expect(said.filter({ hasText: answer })).toBeVisible({ timeout: 15_000 });
}

async function hangUp({ page }: Caller): Promise<void> {
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Call ended');
}

/** Which greeter serves a call, as the dashboard says. */
async function greeterOf(caller: Caller, dashboard: Page): Promise<string> {
  const worker = rows(dashboard, 'Workers')
    .filter({ hasText: short(caller) })
    .getByRole('cell', { name: /^greeter-/ });
  return (await worker.textContent()) ?? '';
}

test('each step of a call stands on the dashboard of another transport agent within a second', async ({
  openTalk,
  dashboard,
}, testInfo) => {
  /** By how much the dashboard was later than the caller's own page: both by the time at which it stood there. */
  const compare = async (step: string, watches: Parameters<typeof watchFor>[]) => {
    const [onCall, ...onDashboard] = await Promise.all(watches.map((each) => watchFor(...each)));
    return async () => {
      const callMs = (await onCall?.()) ?? Number.NaN;
      for (const shown of onDashboard) {
        const behindMs = (await shown()) - callMs;
        testInfo.annotations.push({ type: step, description: `${behindMs} ms` });
        expect(behindMs, `${step}: the dashboard is behind the caller's page`).toBeLessThan(1000);
      }
    };
  };
  const onCall = (selector: string, text: RegExp) => ({ selector, text });
  const inTable = (table: string, text: RegExp) => ({
    selector: `table[aria-label=${table}] tbody tr`,
    text,
  });

  const page = await openTalk(0);
  const begins = await compare('a session', [
    [page, onCall('[aria-label=Connection]', /^Live/)],
    [dashboard, inTable('Sessions', /\| live \|/)],
  ]);
  const greets = await compare('the first agent', [
    [page, onCall('[aria-label=Agent]', /Greeter/)],
    [dashboard, inTable('Sessions', /\| live \| Greeter \|/)],
    [dashboard, inTable('Runners', /^greeter-\d greeter \| ready \| 1 \//)],
    [dashboard, inTable('Runners', /^transport-1 transport-agent \| ready \| 1 \//)],
  ]);
  const caller = await start(page);
  await begins();
  await greets();

  const session = await dashboard.context().newPage();
  await session.goto(`/dashboard/sessions/${caller.sessionId}`);
  const handoffs = session.getByRole('list', { name: 'Handoffs' }).locator('> li');
  await expect(handoffs).toHaveText([/Greeter.*takes the call.*epoch 1/]);
  const inHandoffs = (text: RegExp) => ({ selector: '[aria-label=Handoffs] > li', text });
  const handsOver = await compare('a handoff', [
    [page, onCall('[aria-label=Transcript] li', /Now talking with Support/)],
    [dashboard, inTable('Sessions', new RegExp(`^${short(caller)}.*\\| live \\| Support \\|`))],
    [dashboard, inTable('Runners', /^support-1 support \| ready \| 1 \//)],
    [dashboard, inTable('Workers', new RegExp(`^Support \\| active \\| ${short(caller)}`))],
    [session, inHandoffs(/Greeter.*Support.*epoch 2/)],
  ]);
  const comesBack = await compare('the way back', [
    [page, onCall('[aria-label=Transcript] li', /Now talking with Greeter/)],
    [dashboard, inTable('Workers', new RegExp(`^Support \\| waiting \\| ${short(caller)}`))],
    [session, inHandoffs(/Support.*Greeter.*epoch 3/)],
  ]);
  // By voice: the scripted recogniser hears "hello there" first, and "I need support" then.
  const sentence = await synthesise('flite-rms', 'hello there my good old friends');
  await speak(page, sentence);
  await expect(lines(page).filter({ hasText: 'I heard you.' })).toBeVisible({ timeout: 15_000 });
  await untilListening(page, 'Greeter');
  await speak(page, sentence);
  await handsOver();
  await untilListening(page, 'Support');
  await type(page, 'take me back');
  await comesBack();
  await expect(rows(dashboard, 'Sessions').filter({ hasText: short(caller) })).toContainText('Greeter');

  const ends = await compare('the end', [
    [page, onCall('[aria-label=Connection]', /^Call ended/)],
    [dashboard, inTable('Sessions', new RegExp(`^${short(caller)}.*\\| caller ended it \\|`))],
    [dashboard, inTable('Runners', /^support-1 support \| ready \| 0 \//)],
    [session, { selector: 'p', text: /^Ended: caller ended it/ }],
  ]);
  await hangUp(caller);
  await ends();
});

test('three callers at once, through the same agents, hear and see nothing of each other', async ({
  openTalk,
  product,
}) => {
  const pages = await Promise.all([openTalk(0), openTalk(1), openTalk(1)]);
  const [first, second, third] = await Promise.all(pages.map(start));
  if (!first || !second || !third) throw new Error('There are three callers.');
  await type(second.page, 'I need support');
  await expect(second.page.getByText('Now talking with Support')).toBeVisible();
  await untilListening(second.page, 'Support');
  for (const page of pages) await takeHeard(page);

  // Two answers at the same time, by two voices, and nothing for the third.
  await Promise.all([
    ask(first, 'sentence 1', 'I can look up an order'),
    ask(second, 'sentence 2', 'return the running shoes?'),
  ]);
  const [toFirst, toSecond, toThird] = await Promise.all(pages.map(takeHeard));
  expect(powerShareAt(toFirst ?? silence, tones.greeter)).toBeGreaterThan(0.8);
  expect(powerShareAt(toSecond ?? silence, tones.support)).toBeGreaterThan(0.8);
  expect(loudest(toThird ?? silence)).toBeLessThan(100);
  await ask(third, 'sentence 3', 'Our shop is open');
  const later = await Promise.all(pages.map(takeHeard));
  expect(later.map((heard) => loudest(heard) < 100)).toEqual([true, true, false]);

  const own = [
    ['sentence 1', 'look up an order'],
    ['sentence 2', 'running shoes', 'need support'],
    ['sentence 3', 'shop is open'],
  ];
  for (const [index, caller] of [first, second, third].entries()) {
    const url = `${product.transportUrl(1)}/v1/sessions/${caller.sessionId}/events`;
    const told = await (await fetch(url)).text();
    const seen = (await lines(caller.page).allTextContents()).join('\n');
    for (const text of [told, seen]) {
      for (const words of own[index] ?? []) expect(text).toContain(words);
      for (const words of own.toSpliced(index, 1).flat()) expect(text).not.toContain(words);
    }
  }
  await Promise.all([first, second, third].map(hangUp));
});

/** Of 32 767; what a silent line and its resampling leave is below 100. */
function loudest(pcm: Int16Array): number {
  return pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

test('a greeter that is drained keeps its calls to their end and leaves, and new ones go to the other', async ({
  openTalk,
  dashboard,
  product,
}) => {
  const callers = await Promise.all((await Promise.all([openTalk(0), openTalk(1)])).map(start));
  const [first, second] = callers;
  if (!first || !second) throw new Error('There are two callers.');
  const name = await greeterOf(first, dashboard);
  const row = rows(dashboard, 'Runners').filter({ hasText: name });
  await expect(row).toContainText('ready');
  await row.getByRole('button', { name: `Drain ${name}` }).click();
  await expect(row).toContainText(/Its .* to (its|their) end. New ones go elsewhere./);
  await row.getByRole('button', { name: 'Drain', exact: true }).click();
  await expect(row).toContainText('draining');

  const late = await start(await openTalk(1));
  expect(await greeterOf(late, dashboard)).not.toBe(name);
  await Promise.all([
    ask(first, 'sentence 3', 'Our shop is open'),
    ask(second, 'sentence 1', 'I can look up an order'),
  ]);
  // It goes to support and comes back to the one that drains: that call is still its own.
  await type(first.page, 'I need support');
  await expect(first.page.getByText('Now talking with Support')).toBeVisible();
  await untilListening(first.page, 'Support');
  await type(first.page, 'take me back');
  await expect(first.page.getByText('Now talking with Greeter')).toBeVisible();
  await expect(row).toContainText('draining');
  expect(await greeterOf(first, dashboard)).toBe(name);

  await Promise.all(callers.map(hangUp));
  await expect(row).toContainText('drained');
  product.agents(name).kill('SIGTERM');
  await expect(row).toBeHidden();
  expect(await product.agents(name).exited).toBe(0);
  await ask(late, 'sentence 0', 'Your order left our warehouse');
  await hangUp(late);
  await product.startAgain(name);
  await expect(row).toContainText('ready');
});

test('a greeter that is killed in its sentence is replaced by the other, and shown as lost', async ({
  openTalk,
  dashboard,
  product,
}) => {
  const caller = await start(await openTalk(0));
  const { page } = caller;
  const name = await greeterOf(caller, dashboard);
  const session = await dashboard.context().newPage();
  await session.goto(`/dashboard/sessions/${caller.sessionId}`);
  const handoffs = session.getByRole('list', { name: 'Handoffs' }).locator('> li');
  await expect(handoffs).toHaveCount(1);
  await type(page, 'tell me everything');
  await untilHeard(page);
  product.agents(name).kill('SIGKILL');

  await expect(handoffs).toHaveText([/takes the call.*epoch 1/, /takes over.*epoch 2/]);
  // What was written is heard to its end.
  await untilHeard(page);
  const row = rows(dashboard, 'Runners').filter({ hasText: name });
  await expect(row).toContainText('lost');
  const attention = dashboard.getByRole('list', { name: 'Needs attention' });
  await expect(attention).toContainText(`${name} has not been heard for`);
  expect(await greeterOf(caller, dashboard)).not.toBe(name);
  await ask(caller, 'sentence 4', 'The refund will be on your account');
  await expect(lines(page).filter({ hasText: 'looking for a colleague' })).toHaveCount(0);
  await hangUp(caller);
});
