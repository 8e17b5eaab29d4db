import { expect, type Page } from '@playwright/test';
import { speak as synthesise } from '@voicebus/testing/system';
import { test } from './product.ts';
import { installSpokenMicrophone, speak } from './voice/spoken-microphone.ts';

/**
 * What a tab in the background is for its page: no pictures, and timers once per second. Headless
 * Chromium hides no page, and a real one is milder while a page sounds.
 */
async function installBackground(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const slowly = (ms = 0) => (document.hidden ? Math.max(1000, ms) : ms);
    const { setTimeout: timeout, setInterval: interval } = window;
    Object.assign(window, {
      setTimeout: (handler: TimerHandler, ms?: number) => timeout(handler, slowly(ms)),
      setInterval: (handler: TimerHandler, ms?: number) => interval(handler, slowly(ms)),
    });
    const draw = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) =>
      draw((atMs) => {
        if (!document.hidden) callback(atMs);
      });
    window.hideTab = () => {
      Object.defineProperty(document, 'hidden', { value: true });
      Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    };
  });
}

test('a tab in the background plays on, listens on, and stays in its call', async ({ page }) => {
  test.setTimeout(90_000);
  await installBackground(page);
  await installSpokenMicrophone(page);
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  const connection = page.getByRole('status', { name: 'Connection' });
  await expect(connection).toHaveText('Live', { timeout: 20_000 });
  await page.getByRole('button', { name: 'Details' }).click();
  await expect(page.getByText('Speech detection').locator('+ dd')).toHaveText('on', {
    timeout: 30_000,
  });
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Type a message' }).fill('I need help with my order');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.evaluate(() => window.hideTab());

  const level = () => page.evaluate(() => window.voicebus?.playback.level() ?? 0);
  await expect.poll(level, { timeout: 20_000, intervals: [50] }).toBeGreaterThan(0.01);
  // It hears, too: who speaks while muted is told so by the page's own detector.
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await speak(page, await synthesise('flite-rms', 'can anybody hear me while I am muted here'));
  await expect(page.getByText('You are talking, but you are muted')).toBeVisible({
    timeout: 20_000,
  });
  await expect(connection).toHaveText('Live');
});

declare global {
  interface Window {
    /** From now on the page is in the background. */
    hideTab(): void;
  }
}
