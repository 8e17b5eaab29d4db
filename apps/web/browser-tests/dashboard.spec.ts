import { writtenCall } from '@voicebus/session-view/written-call';
import { runner, session } from './dashboard-rows.ts';
import { expect, expectNoSidewaysScroll, test } from './fixtures.ts';

test('names the cause and the command while it is empty', async ({ page }) => {
  await page.goto('/dashboard');
  for (const name of ['Runners', 'Workers', 'Sessions']) {
    await expect(page.getByRole('table', { name })).toBeVisible();
  }
  await expect(page.getByText('npm run agent -- greeter')).toBeVisible();
});

test('follows the registry from a snapshot by deltas', async ({ page, transport }) => {
  const { script } = transport;
  script.registry = { sequence: 5, wallMs: Date.now(), runners: [runner()] };
  script.sessions = { sequence: 1, wallMs: Date.now(), sessions: [session()] };
  await page.goto('/dashboard');
  const runners = page.getByRole('table', { name: 'Runners' });
  await expect(runners.getByRole('row')).toHaveCount(2);
  await expect(runners.getByRole('row').nth(1)).toContainText('ready');
  await expect(page.getByRole('table', { name: 'Workers' })).toContainText('greeter');
  await expect(page.getByRole('table', { name: 'Sessions' })).toContainText('Support');

  transport.registryDelta({ sequence: 6, wallMs: Date.now(), runner: runner({ state: 'lost' }) });
  await expect(runners.getByRole('row').nth(1)).toContainText('lost');
  await expect(page.getByText('agents-1 has not been heard for')).toBeVisible();
});

test('drains a runner once that was confirmed, and shows it when the runner says so', async ({
  page,
  transport,
}) => {
  const { script } = transport;
  script.registry = { sequence: 5, wallMs: Date.now(), runners: [runner({ sessions: 3 })] };
  await page.goto('/dashboard');
  const row = page.getByRole('table', { name: 'Runners' }).getByRole('row').nth(1);
  await row.getByRole('button', { name: 'Drain agents-1' }).click();
  await expect(row).toContainText('Its 3 sessions go on to their end.');
  expect(transport.posted).toEqual([]);
  await row.getByRole('button', { name: 'Drain', exact: true }).click();
  await expect(row).toContainText('Asked…');
  const { incarnation } = runner();
  await expect.poll(() => transport.posted).toEqual([`/v1/runners/${incarnation}/drain`]);
  const draining = runner({ sessions: 3, state: 'draining' });
  transport.registryDelta({ sequence: 6, wallMs: Date.now(), runner: draining });
  await expect(row.getByRole('button', { name: 'Undrain agents-1' })).toBeVisible();
});

test('says so when nothing comes of what was asked, and offers it again', async ({
  page,
  transport,
}) => {
  await page.clock.install();
  transport.script.registry = { sequence: 5, wallMs: Date.now(), runners: [runner()] };
  await page.goto('/dashboard');
  const row = page.getByRole('table', { name: 'Runners' }).getByRole('row').nth(1);
  await row.getByRole('button', { name: 'Drain agents-1' }).click();
  await row.getByRole('button', { name: 'Drain', exact: true }).click();
  await expect(row).toContainText('Asked…');
  await page.clock.runFor(5_000);
  await expect(row.getByRole('alert')).toContainText('nothing has come of it');
  await row.getByRole('button', { name: 'Try again' }).click();
  await expect(row.getByRole('button', { name: 'Drain agents-1' })).toBeVisible();
});

test('every number of the overview opens the list behind it', async ({ page, transport }) => {
  const turn = (turnId: string, responseMs: number) => ({
    turnId,
    atWallMs: Date.now() - 5000,
    responseMs,
  });
  const ended = { endedAtWallMs: Date.now(), holder: null };
  transport.script.sessions = {
    sequence: 1,
    wallMs: Date.now(),
    sessions: [
      session({ sessionId: 'quick', recentTurns: [turn('1', 700), turn('2', 900)], handoffs: 0 }),
      session({ sessionId: 'slow', recentTurns: [turn('3', 3100)], interruptions: 0 }),
      session({ sessionId: 'alone', holder: null, handoffs: 0, interruptions: 0 }),
      session({
        sessionId: 'never',
        epoch: 0,
        handoffs: 0,
        interruptions: 0,
        endReason: 'caller-left',
        ...ended,
      }),
    ],
  };
  await page.goto('/dashboard');
  const overview = page.getByRole('region', { name: 'Overview' });
  const rows = page.getByRole('table', { name: 'Sessions' }).getByRole('row');
  await expect(rows).toHaveCount(5);
  const figures = [
    [/^Live sessions\s*3\s*1 without an agent/, ['quick', 'slow', 'alone']],
    [/^Turns per minute\s*3/, ['quick', 'slow']],
    [/^Response, p50\s*900 ms\s*from 3 turns/, ['slow', 'quick']],
    [/^Response, p95\s*3\.1 s\s*from 3 turns/, ['slow', 'quick']],
    [/^Interruptions\s*1/, ['quick']],
    [/^Handoffs\s*1/, ['slow']],
    [/^Failed starts\s*1/, ['never']],
  ] as const;
  for (const [figure, behind] of figures) {
    await overview.getByRole('link').filter({ hasText: figure }).click();
    await expect(rows.getByRole('link')).toHaveText([...behind]);
  }
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(rows).toHaveCount(5);

  // The address says which list it is, so it can be sent to somebody.
  await page.goto('/dashboard?sessions=waiting#sessions');
  await expect(rows.getByRole('link')).toHaveText(['alone']);
});

test('what wants attention comes first, and leads to where it is', async ({ page, transport }) => {
  transport.script.registry = {
    sequence: 5,
    wallMs: Date.now(),
    runners: [
      runner({ runner: 'agents-late', incarnation: 'late', eventLoopLagMs: 120 }),
      runner({
        runner: 'agents-gone',
        incarnation: 'gone',
        state: 'lost',
        heartbeatWallMs: Date.now() - 9000,
      }),
    ],
  };
  await page.goto('/dashboard');
  const items = page.getByRole('list', { name: 'Needs attention' }).getByRole('listitem');
  await expect(items).toHaveText([
    /^agents-gone has not been heard for \d+ s/,
    /^agents-late is 120 ms behind/,
  ]);
  await items.first().getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Runners' })).toBeInViewport();
  const runners = page.getByRole('table', { name: 'Runners' });
  await expect(runners.getByRole('row').nth(1)).toContainText('lost');
  await expect(runners.getByRole('row').nth(1)).toContainText('node-a · 0.1.0');
  await expect(runners.getByRole('row').nth(2)).toContainText('1 / 20');
});

test('ages tick, and an old screen says how old it is', async ({ page, transport }) => {
  await page.clock.install();
  transport.script.registry = { sequence: 5, wallMs: Date.now(), runners: [runner()] };
  await page.goto('/dashboard');
  const row = page.getByRole('table', { name: 'Runners' }).getByRole('row').nth(1);
  await expect(row).toContainText(/\d+ s ago/);
  await expect(page.getByText('Up to date')).toBeVisible();
  await page.clock.runFor(30_000);
  await expect(row).toContainText(/3\d s ago/);
  await expect(page.getByText(/^Last update (29|3\d) s ago$/)).toBeVisible();
});

test('asks for a new snapshot after a gap', async ({ page, transport }) => {
  const { script } = transport;
  script.registry = { sequence: 5, wallMs: Date.now(), runners: [runner()] };
  await page.goto('/dashboard');
  await expect(page.getByRole('table', { name: 'Runners' }).getByRole('row')).toHaveCount(2);
  script.registry = {
    sequence: 9,
    wallMs: Date.now(),
    runners: [runner(), runner({ runner: 'agents-2', incarnation: 'b' })],
  };
  transport.registryDelta({ sequence: 9, wallMs: Date.now(), removedRunner: 'nobody' });
  await expect(page.getByRole('table', { name: 'Runners' })).toContainText('agents-2');
});

test('shows one session from its start to its end', async ({ page, transport }) => {
  transport.script.events = {
    sequence: writtenCall.length,
    wallMs: Date.now(),
    events: [...writtenCall],
  };
  await page.goto('/dashboard/sessions/session-1');
  await expect(page.getByRole('log', { name: 'Transcript' }).getByRole('listitem')).toHaveCount(7);
  const handoffs = page.getByRole('list', { name: 'Handoffs' });
  await expect(handoffs).toContainText('Support');
  await expect(handoffs).toContainText('250 ms of silence');
  await expect(page.getByRole('figure', { name: 'Turn latency' })).toContainText('Unaccounted');
  const lanes = page.getByRole('figure', { name: 'Who was heard when' });
  await expect(lanes.getByRole('list', { name: 'Heard' }).getByRole('listitem')).toHaveText([
    'Heard: 4.0 s to 5.9 s',
  ]);
  await expect(lanes.getByRole('list', { name: 'Turn' }).getByRole('listitem')).toHaveText([
    'Turn: 4.0 s to 6.4 s',
    'Turn: 9.3 s to 9.3 s',
  ]);
  await expect(lanes.getByRole('list', { name: 'Bot' }).getByRole('listitem')).toHaveText([
    'Greeter: 0.6 s to 2.5 s',
    'Greeter: 7.1 s to 8.3 s, interrupted',
    'Support: 9.7 s to 11.5 s',
  ]);
});

test('fits a phone of 320 px', async ({ page, transport }) => {
  const { script } = transport;
  script.registry = { sequence: 5, wallMs: Date.now(), runners: [runner()] };
  script.sessions = { sequence: 1, wallMs: Date.now(), sessions: [session()] };
  script.events = { sequence: 1, wallMs: Date.now(), events: [...writtenCall] };
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto('/dashboard');
  await expect(page.getByRole('table', { name: 'Sessions' })).toContainText('Support');
  await expectNoSidewaysScroll(page);
  await page.goto('/dashboard/sessions/session-1');
  await expect(page.getByRole('figure', { name: 'Turn latency' })).toContainText('Unaccounted');
  await expectNoSidewaysScroll(page);
});
