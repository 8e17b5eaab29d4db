import { writtenCall } from '@voicebus/session-view/written-call';
import { after, expect, expectNoSidewaysScroll, startTyping, test } from './fixtures.ts';

test('offers talking and typing, and asks nobody else for anything', async ({
  page,
  transport,
}) => {
  const foreign: string[] = [];
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    const own = hostname === 'localhost' || request.url().startsWith(transport.url);
    if (!own && protocol.startsWith('http')) foreign.push(request.url());
  });
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Start talking' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Type instead' })).toBeVisible();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Ready');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await page.waitForLoadState('networkidle');
  expect(foreign).toEqual([]);
});

test('does what was clicked before it could', async ({ page }) => {
  const scripts = Promise.withResolvers<void>();
  await page.route('**/_next/static/**/*.js', async (route) => {
    await scripts.promise;
    await route.continue();
  });
  await page.goto('/', { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Type instead' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Ready');
  scripts.resolve();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText('Waiting for an agent');
});

test('nothing moves under a finger while the page comes to life', async ({ page }) => {
  await page.addInitScript(() => {
    window.movedBy = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if ('value' in entry) window.movedBy += Number(entry.value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto('/', { waitUntil: 'networkidle' });
  await expect(page.getByText('Offline demo', { exact: true })).toBeVisible();
  // Two frames later the observer has been told of everything until now.
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
  );
  expect(await page.evaluate(() => window.movedBy)).toBe(0);
});

test('is live once an agent is there, and ends', async ({ page, transport }) => {
  await startTyping(page);
  const connection = page.getByRole('status', { name: 'Connection' });
  await expect(connection).toHaveText('Waiting for an agent');
  transport.calls.at(-1)?.events(writtenCall.slice(0, 6));
  await expect(connection).toHaveText('Live');
  await expect(page.getByRole('status', { name: 'Agent' })).toContainText('Greeter');
  await page.getByRole('button', { name: 'End call' }).click();
  await expect(connection).toHaveText('Call ended');
  await expect(page.getByRole('heading', { name: 'You ended the call' })).toBeVisible();
  // A typed call has no sound whose delay could be measured.
  await expect(page.getByText('Median response').locator('..')).toContainText('–');
});

test('shows a conversation as it goes', async ({ page, transport }) => {
  await startTyping(page);
  const call = transport.calls.at(-1);
  const lines = page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');
  const agent = page.getByRole('status', { name: 'Agent' });
  let shown = 0;
  const upTo = (end: number) => {
    call?.events(writtenCall.slice(shown, end));
    shown = end;
  };

  upTo(after((event) => event.type === 'bot-started-speaking'));
  await expect(agent).toContainText('speaking');
  await expect(lines).toHaveText([/^Greeter Hello, this is Greeter\. How can I help\?$/]);

  upTo(after((event) => event.type === 'transcript-interim'));
  await expect(lines.nth(1)).toHaveText(/^You where is$/);
  await expect(lines.nth(1)).toHaveAttribute('aria-live', 'off');

  upTo(after((event) => event.type === 'transcript-final'));
  await expect(lines).toHaveCount(2);
  await expect(lines.nth(1)).toHaveText(/^You Where is my order\?$/);
  await expect(lines.nth(1)).not.toHaveAttribute('aria-live');
  await expect(agent).toContainText('thinking');

  upTo(after((event) => event.type === 'tool-start'));
  await expect(lines.nth(2)).toHaveText(/^Checking your order… \d+\.\d s$/);
  await expect(agent).toContainText('using a tool');

  upTo(after((event) => event.type === 'turn-ended' && event.turnId === 't2'));
  await expect(lines.nth(2)).toHaveText('Checking your order, done in 0.3 s');
  await expect(lines.nth(3)).toHaveText(/^Greeter It left the warehouse\s*interrupted$/);

  upTo(after((event) => event.type === 'handoff-requested'));
  await expect(agent).toContainText('handing off to Support');

  upTo(writtenCall.length - 1);
  await expect(lines.nth(5)).toHaveText('Now talking with Support');
  await expect(lines.nth(6)).toHaveText(/^Support Support here/);
  await expect(agent).toContainText('Support');
});

test('sends what is typed, and what is tapped', async ({ page, transport }) => {
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall.slice(0, 6));
  transport.calls.at(-1)?.send({ type: 'suggestions', suggestions: ['Track my order'] });
  const text = page.getByRole('textbox', { name: 'Type a message' });
  await expect(page.getByRole('button', { name: 'Send' })).toBeDisabled();
  await page.getByRole('button', { name: 'Track my order' }).click();
  await text.fill('mmm');
  await text.press('Enter');
  const typed = () => transport.received.filter((message) => message.type === 'text-input');
  await expect.poll(typed).toMatchObject([{ text: 'Track my order' }, { text: 'mmm' }]);
  await expect(text).toHaveValue('');
  await expect(page.getByRole('button', { name: 'Track my order' })).toBeHidden();
});

test('keeps what is typed before the call stands', async ({ page, transport }) => {
  transport.script.answersHello = false;
  await startTyping(page, 'Connecting');
  await page.getByRole('textbox', { name: 'Type a message' }).fill('early');
  await page.getByRole('button', { name: 'Send' }).click();
  transport.calls.at(-1)?.send({
    type: 'joined',
    version: 1,
    sessionId: 'session-1',
    resumeToken: 'r',
    routerRtpCapabilities: {},
    iceServers: [],
    serverMs: 0,
  });
  await expect
    .poll(() => transport.received.filter(({ type }) => type === 'text-input'))
    .toMatchObject([{ text: 'early' }]);
});

test('says that all lines are busy', async ({ page, transport }) => {
  transport.script.createStatus = 503;
  await page.goto('/');
  await page.getByRole('button', { name: 'Type instead' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'All lines are busy' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Start talking' })).toBeVisible();
});

test('comes back after the signalling was lost, without telling anything twice', async ({
  page,
  transport,
}) => {
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall.slice(0, 10));
  const connection = page.getByRole('status', { name: 'Connection' });
  await expect(connection).toHaveText('Live');
  transport.calls.at(-1)?.close();
  await expect.poll(() => transport.calls.length).toBe(2);
  await expect(connection).toHaveText('Live');
  const hello = transport.received.findLast(({ type }) => type === 'hello');
  expect(hello).toMatchObject({ resumeToken: 'resume-1', lastEventSequence: 10 });
  transport.calls.at(-1)?.events(writtenCall.slice(0, 12));
  await expect(page.getByRole('listitem').filter({ hasText: 'Greeter' })).toHaveCount(1);
});

test('asks for the microphone and says what to do when it is blocked', async ({ page }) => {
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'microphone is blocked' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Type instead' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
});

test('has every control of a voice call from the click on', async ({ page }) => {
  await page.addInitScript(() => {
    // The caller has not answered the browser's question yet.
    navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await expect(page.getByRole('status', { name: 'Connection' })).toHaveText(
    'Asking for the microphone',
  );
  await expect(page.getByRole('combobox', { name: 'Microphone' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Speaker' })).toBeVisible();
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Unmute' })).toBeVisible();
  await page.keyboard.press('m');
  await expect(page.getByRole('button', { name: 'Mute', exact: true })).toBeVisible();
  const push = page.getByRole('switch', { name: 'Push to talk' });
  await push.click();
  await expect(push).toBeChecked();
  await expect(page.getByRole('button', { name: 'Hold to talk' })).toBeVisible();
});

test('shows its keys, and leaves them to a text field', async ({ page }) => {
  await startTyping(page);
  await page.keyboard.type('m?');
  await expect(page.getByRole('textbox', { name: 'Type a message' })).toHaveValue('m?');
  await page.getByRole('textbox').blur();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Keys' })).toBeHidden();
});

test('Esc stops the agent, and only closes what is open over the call', async ({
  page,
  transport,
}) => {
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall.slice(0, 6));
  await page.getByRole('button', { name: 'Details' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog', { name: 'Details' })).toBeHidden();
  const interruptions = () => transport.received.filter(({ type }) => type === 'interrupt');
  // Also while something is being typed.
  await page.getByRole('textbox', { name: 'Type a message' }).fill('wait');
  await page.keyboard.press('Escape');
  await expect.poll(interruptions).toHaveLength(1);
  await expect(page.getByRole('textbox', { name: 'Type a message' })).toHaveValue('wait');
});

test('reads from right to left where its language does', async ({ page, transport }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall.slice(0, 26));
  const mine = page.getByRole('listitem').filter({ hasText: /^You/ });
  await expect(mine).toBeVisible();
  /** How much farther from the left edge of its list than from the right one. */
  const offset = () =>
    mine.evaluate((line) => {
      const [own, list] = [line, line.parentElement ?? line].map((each) =>
        each.getBoundingClientRect(),
      );
      return own && list ? own.left - list.left - (list.right - own.right) : 0;
    });
  expect(await offset()).toBeGreaterThan(20);
  await page.evaluate(() => (document.documentElement.dir = 'rtl'));
  await expect.poll(offset).toBeLessThan(-20);
  await expectNoSidewaysScroll(page);
});

test('a line on which nobody speaks is not drawn again, until it looks different', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const clear = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'clearRect')
      ?.value as CanvasRenderingContext2D['clearRect'];
    window.drawings = 0;
    CanvasRenderingContext2D.prototype.clearRect = function (...area) {
      window.drawings += 1;
      clear.apply(this, area);
    };
  });
  /** Those of the next thirty pictures of the page. */
  const drawings = () =>
    page.evaluate(async () => {
      const before = window.drawings;
      for (let count = 0; count < 30; count += 1)
        await new Promise((resolve) => requestAnimationFrame(resolve));
      return window.drawings - before;
    });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto('/');
  await expect.poll(() => page.evaluate(() => window.drawings)).toBeGreaterThan(0);
  await expect.poll(drawings).toBe(0);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expect.poll(() => page.evaluate(() => window.drawings)).toBeGreaterThan(1);
  await expect.poll(drawings).toBe(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`fits a phone of 320 px, ${colorScheme}`, async ({ page, transport }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto('/');
    await expectNoSidewaysScroll(page);
    const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(paper).toBe(colorScheme === 'light' ? 'rgb(250, 249, 246)' : 'rgb(18, 20, 19)');
    await page.getByRole('button', { name: 'Start talking' }).click();
    await expect(page.getByRole('combobox', { name: 'Microphone' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    for (const button of await page.getByRole('button').all()) {
      const box = await button.boundingBox();
      expect(box?.height ?? 0).toBeGreaterThanOrEqual(44);
      expect(box?.width ?? 0).toBeGreaterThanOrEqual(44);
    }
    await expect.poll(() => transport.received.length).toBeGreaterThan(0);
  });
}

declare global {
  interface Window {
    /** The layout shifts so far, as Chromium scores them. */
    movedBy: number;
    /** How often anything was drawn on a canvas. */
    drawings: number;
  }
}
