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
