import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { writtenCall } from '@voicebus/session-view/written-call';
import { runner, session } from './dashboard-rows.ts';
import { expect, expectNoSidewaysScroll, startTyping, test } from './fixtures.ts';
import type { StandInTransport } from './stand-in/transport.ts';

interface State {
  readonly name: string;
  readonly show: (page: Page, transport: StandInTransport) => Promise<void>;
}

const desk = { width: 1280, height: 720 };
/** What a window of 1280 by 800 has at 200 %. */
const zoomed = { width: 640, height: 400 };
const phone = { width: 320, height: 640 };

const talk = async (page: Page): Promise<void> => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
};
const refuse = (page: Page, name: string) =>
  page.addInitScript((errorName) => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', errorName));
  }, name);
const typed = async (page: Page, transport: StandInTransport, events: number): Promise<void> => {
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall.slice(0, events));
  await expect(page.getByRole('listitem').first()).toBeVisible();
};

/** Every screen that people meet, as they meet it. */
const states: readonly State[] = [
  {
    name: 'home',
    show: async (page) => {
      await page.goto('/');
      await expect(page.getByRole('button', { name: 'Start talking' })).toBeVisible();
    },
  },
  {
    name: 'asking for the microphone',
    show: async (page) => {
      await page.addInitScript(() => {
        navigator.mediaDevices.getUserMedia = () => new Promise(() => {});
      });
      await talk(page);
      await expect(page.getByText('Your browser asks')).toBeVisible();
      await page.getByRole('switch', { name: 'Push to talk' }).click();
    },
  },
  {
    name: 'microphone blocked',
    show: async (page) => {
      await refuse(page, 'NotAllowedError');
      await talk(page);
      await expect(page.getByRole('alert').filter({ hasText: 'blocked' })).toBeVisible();
    },
  },
  {
    name: 'no https',
    show: async (page) => {
      await page.addInitScript(() => {
        Object.defineProperty(window, 'isSecureContext', { value: false });
      });
      await talk(page);
      await expect(page.getByText('ssh -L')).toBeVisible();
    },
  },
  {
    name: 'in a call, with a tool at work',
    show: async (page, transport) => {
      await typed(page, transport, 27);
      transport.calls.at(-1)?.send({ type: 'suggestions', suggestions: ['Track my order'] });
      await expect(page.getByText('Checking your order')).toBeVisible();
    },
  },
  {
    name: 'in a call, after a handoff',
    show: async (page, transport) => {
      await typed(page, transport, writtenCall.length - 1);
      await expect(page.getByText('Now talking with Support')).toBeVisible();
    },
  },
  {
    name: 'keys',
    show: async (page, transport) => {
      await typed(page, transport, 10);
      await page.getByRole('textbox').blur();
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    },
  },
  {
    name: 'details',
    show: async (page, transport) => {
      await typed(page, transport, 10);
      await page.getByRole('button', { name: 'Details' }).click();
      await expect(page.getByRole('dialog', { name: 'Details' })).toBeVisible();
    },
  },
  {
    name: 'reconnecting',
    show: async (page, transport) => {
      await typed(page, transport, 10);
      transport.script.answersHello = false;
      transport.calls.at(-1)?.close();
      await expect(page.getByText('What you said is kept')).toBeVisible();
    },
  },
  {
    name: 'ended',
    show: async (page, transport) => {
      await typed(page, transport, writtenCall.length);
      await page.getByRole('button', { name: 'End call' }).click();
      await expect(page.getByRole('button', { name: 'Download transcript' })).toBeVisible();
    },
  },
  {
    name: 'failed',
    show: async (page, transport) => {
      transport.script.createStatus = 503;
      await page.goto('/');
      await page.getByRole('button', { name: 'Type instead' }).click();
      await expect(page.getByRole('alert').filter({ hasText: 'busy' })).toBeVisible();
    },
  },
  {
    name: 'a call in another tab',
    show: async (page, transport) => {
      const other = await page.context().newPage();
      await typed(other, transport, 10);
      await page.goto('/');
      await expect(page.getByRole('button', { name: 'Go on here' })).toBeVisible();
    },
  },
  {
    name: 'dashboard, empty',
    show: async (page) => {
      await page.goto('/dashboard');
      await expect(page.getByText('npm run agent -- greeter')).toBeVisible();
    },
  },
  {
    name: 'dashboard, busy',
    show: async (page, { script }) => {
      const runners = (['ready', 'busy', 'draining', 'lost', 'failed', 'starting'] as const).map(
        (state) => runner({ runner: `agents-${state}`, incarnation: state, state }),
      );
      script.registry = { sequence: 5, wallMs: Date.now(), runners };
      const ended = { endedAtWallMs: Date.now(), endReason: 'failed' as const, holder: null };
      script.sessions = {
        sequence: 1,
        wallMs: Date.now(),
        sessions: [session(), session({ sessionId: 'session-2', ...ended })],
      };
      await page.goto('/dashboard');
      await expect(page.getByRole('table', { name: 'Sessions' })).toContainText('Support');
    },
  },
  {
    name: 'one session',
    show: async (page, { script }) => {
      script.events = { sequence: 1, wallMs: Date.now(), events: [...writtenCall] };
      await page.goto('/dashboard/sessions/session-1');
      await expect(page.getByRole('figure', { name: 'Turn latency' })).toContainText('Unaccounted');
    },
  },
];

/**
 * Colours that are still on their way from light to dark are nobody's contrast. Those that are inherited set
 * out once those that they come from have arrived.
 */
async function untilSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = (): Promise<void> =>
      new Promise((resolve) => {
        requestAnimationFrame(() => resolve());
        // A page behind another one gets a frame a second.
        setTimeout(resolve, 100);
      });
    const ending = (): Animation[] =>
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await frame();
    do {
      await Promise.allSettled(ending().map(({ finished }) => finished));
      await frame();
    } while (ending().length > 0);
  });
}

/** Nothing beyond its edges, and targets for a thumb. */
async function expectItFits(page: Page): Promise<void> {
  for (const size of [zoomed, phone]) {
    await page.setViewportSize(size);
    await expectNoSidewaysScroll(page);
  }
  for (const control of await page.getByRole('button').or(page.getByRole('link')).all()) {
    // A link inside a sentence or a table is as high as its line.
    const inText = await control.evaluate((element) => element.closest('td, p, li') !== null);
    const box = await control.boundingBox();
    if (inText || box === null) continue;
    expect(Math.round(box.height), await control.innerText()).toBeGreaterThanOrEqual(44);
  }
}

async function expectNothingFoundBy(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await untilSettled(page);
  const { violations } = await new AxeBuilder({ page })
    // In the page itself, which has no frames: otherwise each look opens another page for it.
    .setLegacyMode()
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
  );
  expect(found, colorScheme).toEqual([]);
}

for (const { name, show } of states) {
  // One page for all of it: to get there takes longer than to look at it.
  test(`${name}: nobody is kept out, in light, in dark, at 320 px and at 200 % zoom`, async ({
    page,
    transport,
  }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await page.setViewportSize(zoomed);
    await show(page, transport);
    await page.bringToFront();
    await expectItFits(page);
    await page.setViewportSize(desk);
    for (const colorScheme of ['light', 'dark'] as const)
      await expectNothingFoundBy(page, colorScheme);
  });
}

test('the keyboard is seen wherever it goes', async ({ page, transport }) => {
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall.slice(0, 20));
  const seen = new Set<string>();
  for (let count = 0; count < 14; count += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      // A field's ring may be drawn by the box around it.
      const rings = [element, element.parentElement].flatMap((each) => (each ? [each] : []));
      const visible = rings.some((each) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(each);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2;
      });
      return { name: element.getAttribute('aria-label') ?? element.textContent, visible };
    });
    if (focus === null) continue;
    expect(focus.visible, focus.name).toBe(true);
    seen.add(focus.name);
  }
  expect([...seen]).toEqual(expect.arrayContaining(['End call', 'Details', 'Dashboard']));
});

test('who wants no motion gets none', async ({ page, transport }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall.slice(0, 27));
  await expect(page.getByText('Checking your order')).toBeVisible();
  const moving = () =>
    page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState, effect }) => {
          const { duration } = effect?.getComputedTiming() ?? {};
          return playState === 'running' && Number(duration) > 1;
        })
        .map(({ effect }) => (effect as KeyframeEffect).target?.outerHTML.slice(0, 80)),
    );
  expect(await moving()).toEqual([]);
});

test('final lines are announced, and nothing else but the connection', async ({
  page,
  transport,
}) => {
  await startTyping(page);
  transport.calls.at(-1)?.events(writtenCall.slice(0, 20));
  await expect(page.getByText('where is')).toBeVisible();
  const live = await page
    .locator('[aria-live], [role=status], [role=log], [role=alert]')
    .evaluateAll((elements) =>
      elements.map((element) => {
        const role = element.getAttribute('role');
        const name = element.getAttribute('aria-label') ?? element.textContent;
        return `${role ?? 'row'} ${element.getAttribute('aria-live') ?? 'polite'} ${name}`;
      }),
    );
  expect(live.filter((line) => line.includes('polite'))).toEqual([
    'status polite Connection',
    'log polite Transcript',
  ]);
  expect(live).toContainEqual(expect.stringMatching(/^row off You .*where is/));
});
