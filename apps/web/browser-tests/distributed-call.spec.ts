import { expect, test, type Locator, type Page } from '@playwright/test';
import { powerShareAt, scriptedTonesHz, speak as synthesise } from '@voicebus/testing/system';
import { DistributedProduct } from './distributed-product.ts';
import { watchFor, type Wanted } from './shown.ts';
import { installSoundRecorder, takeHeard } from './voice/heard-sound.ts';
import { installSpokenMicrophone, speak } from './voice/spoken-microphone.ts';

// Starting the processes and the browsers costs more than all the calls: one story, told in order.
test.describe.configure({ mode: 'serial', timeout: 120_000 });
// Four pages on two cores leave no time for pictures of each change.
test.use({ trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false } });

interface Caller {
  readonly page: Page;
  readonly by: 'voice' | 'text';
  /** Of the call that runs. */
  sessionId: string;
}

let product: DistributedProduct;
/** The first one's calls are at the first transport agent, those of the two others at the second; the third types. */
let callers: readonly [Caller, Caller, Caller];
/** The dashboard, as the second transport agent tells it. */
let dashboard: Page;
/** The page of the first call, from there too. */
let session: Page;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  product = await DistributedProduct.start();
  const open = async (web: 0 | 1): Promise<Page> => {
    const baseURL = product.webUrl(web);
    const context = await browser.newContext({ baseURL, reducedMotion: 'reduce' });
    return context.newPage();
  };
  const openTalk = async (web: 0 | 1, by: Caller['by']): Promise<Caller> => {
    const page = await open(web);
    if (by === 'voice') {
      await installSpokenMicrophone(page);
      await installSoundRecorder(page);
    }
    await page.goto('/');
    return { page, by, sessionId: '' };
  };
  callers = [await openTalk(0, 'voice'), await openTalk(1, 'voice'), await openTalk(1, 'text')];
  dashboard = await open(1);
  session = await dashboard.context().newPage();
  const asked = dashboard.waitForRequest(`${product.transportUrl(1)}/v1/registry`);
  await dashboard.goto('/dashboard');
  await asked;
  await expect(rows('Runners').filter({ hasText: 'ready' })).toHaveCount(5);
});

test.afterAll(async () => {
  for (const { page } of callers ?? []) await page.context().close();
  await dashboard?.context().close();
  await product?.[Symbol.asyncDispose]();
});

const silence = new Int16Array();
const lines = ({ page }: Caller) =>
  page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');
const rows = (table: string): Locator =>
  dashboard.getByRole('table', { name: table }).getByRole('row');
const handoffs = (): Locator => session.getByRole('list', { name: 'Handoffs' }).locator('> li');
/** As tables show it. */
const short = ({ sessionId }: Caller): string => sessionId.slice(0, 8);

/** Rings, and is greeted. */
async function ring(caller: Caller): Promise<void> {
  const { page, by } = caller;
  const created = page.waitForResponse(
    (response) => response.request().method() === 'POST' && response.url().endsWith('/v1/sessions'),
  );
  const name = by === 'voice' ? 'Start talking' : 'Type instead';
  await page.getByRole('button', { name }).click();
  caller.sessionId = ((await (await created).json()) as { sessionId: string }).sessionId;
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Live', {
    timeout: 25_000,
  });
  await expect(lines(caller).filter({ hasText: 'Welcome to Acme.' })).toBeVisible({
    timeout: 25_000,
  });
  await untilListening(caller, 'Greeter');
}

async function hangUp({ page }: Caller): Promise<void> {
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Call ended');
}

async function untilListening({ page }: Caller, name: string): Promise<void> {
  const agent = page.getByRole('status', { name: 'Agent' });
  await expect(agent).toContainText(new RegExp(`${name}.*listening`, 's'), { timeout: 25_000 });
}

async function untilHeard({ page }: Caller): Promise<void> {
  await page.waitForFunction(() => (window.voicebus?.playback.level() ?? 0) > 0.01);
}

async function type({ page }: Caller, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Type a message' }).fill(text);
  await page.getByRole('button', { name: 'Send' }).click();
}

/**
 * Leaves somebody waiting. Who says nothing is asked whether they are there and then hung up on; who has muted
 * the microphone is busy, for however long the others need on this machine.
 */
async function mute({ page }: Caller): Promise<void> {
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
}

async function unmute({ page }: Caller): Promise<void> {
  await page.getByRole('button', { name: 'Unmute' }).click();
}

/** Asks, and has heard the whole answer. */
async function ask(caller: Caller, question: string, answer: string): Promise<void> {
  await type(caller, question);
  const said = lines(caller).and(caller.page.locator('[data-state=final]'));
  await expect(said.filter({ hasText: answer })).toBeVisible({ timeout: 25_000 });
}

/**
 * Asks for another agent, at most three times: on a machine without time an agent may not answer within its
 * deadline, the caller is told so, and asks again.
 */
async function goTo(caller: Caller, name: 'Greeter' | 'Support'): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await type(caller, name === 'Support' ? 'I need support' : 'take me back');
    const isThere = await untilListening(caller, name).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    expect(attempt, `${name} did not come in three attempts`).toBeLessThan(3);
  }
}

/** Which process talks with a caller, as the dashboard says. */
async function servedBy(caller: Caller): Promise<string> {
  const worker = rows('Workers')
    .filter({ hasText: short(caller) })
    .filter({ hasText: 'active' });
  const name = await worker.getByRole('cell', { name: /^(greeter|support)-\d$/ }).textContent();
  return name ?? '';
}

const inTable = (table: string, text: RegExp): Wanted => ({
  selector: `table[aria-label=${table}] tbody tr`,
  text,
});

test('each step of a call stands on the dashboard of another transport agent within a second', async () => {
  const [caller] = callers;
  const { page } = caller;
  /**
   * How much later a step stands on the dashboard than on the caller's page: each by its own page, on one clock.
   * What this machine kept the dashboard waiting meanwhile, whoever took its processors, is no fault of the product.
   */
  const compare = async (step: string, onCall: Wanted, onDashboard: [Page, Wanted][]) => {
    const watchCall = await watchFor(page, onCall);
    const watches = await Promise.all(onDashboard.map((watch) => watchFor(...watch)));
    return async () => {
      const call = await watchCall();
      for (const watch of watches) {
        const { atMs, lateMs } = await watch();
        const behindMs = atMs - call.atMs;
        const description = `${behindMs} ms, its page up to ${lateMs.toFixed(0)} ms late`;
        test.info().annotations.push({ type: step, description });
        expect(behindMs - lateMs, `${step}: ${description}`).toBeLessThan(1000);
      }
    };
  };
  const begins = await compare('a call', { selector: '[aria-label=Connection]', text: /^Live/ }, [
    [dashboard, inTable('Sessions', /\| live \|/)],
    [dashboard, inTable('Runners', /^transport-1 transport-agent \| ready \| 1 \//)],
  ]);
  const greets = await compare('an agent', { selector: '[aria-label=Agent]', text: /Greeter/ }, [
    [dashboard, inTable('Sessions', /\| live \| Greeter \|/)],
    [dashboard, inTable('Runners', /^greeter-\d greeter \| ready \| 1 \//)],
    [dashboard, inTable('Workers', /^Greeter \| active \|/)],
  ]);
  await ring(caller);
  await begins();
  await greets();

  // By voice: what the scripted recogniser hears first is "hello there".
  await speak(page, await synthesise('flite-rms', 'hello there my good old friends'));
  await expect(lines(caller).filter({ hasText: /^You hello there/ })).toBeVisible({
    timeout: 25_000,
  });
  await session.goto(`/dashboard/sessions/${caller.sessionId}`);
  await expect(handoffs().last()).toContainText(/Greeter.*takes the call.*epoch/);
  await untilListening(caller, 'Greeter');

  const inHandoffs = (text: RegExp): Wanted => ({ selector: '[aria-label=Handoffs] > li', text });
  const nowWith = (name: string): Wanted => ({
    selector: '[aria-label=Transcript] li',
    text: new RegExp(`Now talking with ${name}`),
  });
  const id = short(caller);
  const handsOver = await compare('a handoff', nowWith('Support'), [
    [dashboard, inTable('Sessions', new RegExp(`^${id}.*\\| live \\| Support \\|`))],
    [dashboard, inTable('Runners', /^support-1 support \| ready \| 1 \//)],
    [dashboard, inTable('Workers', new RegExp(`^Support \\| active \\| ${id}`))],
    [session, inHandoffs(/Greeter.*→.*Support.*accepted.*epoch/)],
  ]);
  const comesBack = await compare('the way back', nowWith('Greeter'), [
    [dashboard, inTable('Workers', new RegExp(`^Support \\| waiting \\| ${id}`))],
    [session, inHandoffs(/Support.*→.*Greeter.*accepted.*epoch/)],
  ]);
  await goTo(caller, 'Support');
  await handsOver();
  await goTo(caller, 'Greeter');
  await comesBack();
  await expect(rows('Sessions').filter({ hasText: id })).toContainText('Greeter');
  await expectEpochs();
});

/** Each taking of the floor counts up, and the last one is that of the process which owns the call. */
async function expectEpochs(): Promise<void> {
  const texts = await handoffs().allTextContents();
  const epochs = texts.flatMap((text) => /epoch (\d+)/.exec(text)?.[1] ?? []).map(Number);
  expect(epochs).toEqual([...new Set(epochs)].toSorted((one, other) => one - other));
  const answer = await fetch(`${product.transportUrl(0)}/v1/sessions`);
  const { sessions } = (await answer.json()) as {
    sessions: { sessionId: string; epoch: number }[];
  };
  const owned = sessions.find(({ sessionId }) => sessionId === callers[0].sessionId);
  expect(owned?.epoch).toBe(epochs.at(-1));
}

test('three callers at once, through the same agents, hear and see nothing of each other', async () => {
  const [first, second, third] = callers;
  await mute(first);
  await ring(second);
  await goTo(second, 'Support');
  await mute(second);
  await ring(third);
  await Promise.all([first, second].map(unmute));
  const heard = () => Promise.all([first, second].map(({ page }) => takeHeard(page)));
  await heard();

  // Three answers at the same time, two of them by voice: nobody hears the other one.
  await Promise.all([
    ask(first, 'sentence 1', 'I can look up an order'),
    ask(second, 'sentence 2', 'return the running shoes?'),
    ask(third, 'sentence 3', 'Our shop is open'),
  ]);
  const [toFirst, toSecond] = await heard();
  expect(powerShareAt(toFirst ?? silence, scriptedTonesHz.greeter)).toBeGreaterThan(0.8);
  expect(powerShareAt(toSecond ?? silence, scriptedTonesHz.support)).toBeGreaterThan(0.8);

  const own = [
    ['sentence 1', 'look up an order'],
    ['sentence 2', 'running shoes', 'I need support'],
    ['sentence 3', 'shop is open'],
  ];
  for (const [index, caller] of callers.entries()) {
    const url = `${product.transportUrl(1)}/v1/sessions/${caller.sessionId}/events`;
    const told = async (): Promise<string> => (await fetch(url)).text();
    const seen = async (): Promise<string> => (await lines(caller).allTextContents()).join('\n');
    // The first one has been to support before, too.
    const foreign = own
      .toSpliced(index, 1)
      .flat()
      .filter((words) => words !== 'I need support');
    for (const texts of [told, seen]) {
      // What the page shows may be a moment ahead of what another transport agent can tell.
      for (const words of own[index] ?? []) await expect.poll(texts).toContain(words);
      const text = await texts();
      for (const words of foreign) expect(text).not.toContain(words);
    }
  }
});

test('a greeter that is drained keeps its calls to their end and leaves, and new ones go to the other', async () => {
  const [first, second, third] = callers;
  const name = await servedBy(first);
  const row = rows('Runners').filter({ hasText: name });
  await expect(row).toContainText('ready');
  await row.getByRole('button', { name: `Drain ${name}` }).click();
  await expect(row).toContainText(/go(es)? on to (its|their) end. New ones go elsewhere./);
  await row.getByRole('button', { name: 'Drain', exact: true }).click();
  await expect(row).toContainText('draining');

  // Nobody notices: who is at support comes back to it, and what is asked is answered.
  await hangUp(third);
  await Promise.all([
    ring(third),
    goTo(second, 'Greeter'),
    ask(first, 'sentence 3', 'Our shop is open'),
  ]);
  expect(await servedBy(third)).not.toBe(name);
  await expect(row).toContainText('draining');
  await Promise.all([first, second].map(hangUp));
  await expect(row).toContainText('drained');
  product.agents(name).kill('SIGTERM');
  await expect(row).toBeHidden();
  expect(await product.agents(name).exited).toBe(0);
  await product.startAgain(name);
  await expect(row).toContainText('ready');
});

test('a greeter that is killed in its sentence is replaced by the other, and shown as lost', async () => {
  const [caller] = callers;
  await ring(caller);
  const name = await servedBy(caller);
  const row = rows('Runners').filter({ hasText: name });
  await session.goto(`/dashboard/sessions/${caller.sessionId}`);
  await expect(handoffs().last()).toContainText('takes the call');
  await type(caller, 'tell me everything');
  await untilHeard(caller);
  product.agents(name).kill('SIGKILL');

  await expect(handoffs().last()).toContainText(/takes over.*epoch/);
  // What it had written is heard to its end.
  await untilHeard(caller);
  await expect(row).toContainText('lost');
  const attention = dashboard.getByRole('list', { name: 'Needs attention' });
  await expect(attention).toContainText(`${name} has not been heard for`);
  await ask(caller, 'sentence 4', 'The refund will be on your account');
  expect(await servedBy(caller)).not.toBe(name);
  await expect(lines(caller).filter({ hasText: /colleague|did not answer/ })).toHaveCount(0);
  await hangUp(caller);
});
