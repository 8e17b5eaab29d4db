import type { Page } from '@playwright/test';
import { within } from '@voicebus/testing/system';

/** What is to stand in a page: an element of this selector with a text like this, a row's cells parted by " | ". */
export interface Wanted {
  readonly selector: string;
  readonly text: RegExp;
}

export interface Shown {
  /** When it first stood there, in milliseconds of the machine's wall clock, which all pages share. */
  readonly atMs: number;
  /** How late the page's own timers were in the two seconds before, at most: nothing was shown sooner than that. */
  readonly lateMs: number;
}

const deadlineMs = 15_000;

/**
 * Watches a page from now on, by what changes in it: however late the test asks, the time is that of the page.
 * Resolves, once it watches, with what waits until it was shown.
 */
export async function watchFor(
  page: Page,
  { selector, text }: Wanted,
): Promise<() => Promise<Shown>> {
  const watch = await page.evaluateHandle(
    ([selector, source]) => {
      const pattern = new RegExp(source, 's');
      const textOf = (element: Element): string =>
        element instanceof HTMLTableRowElement
          ? Array.from(element.cells, (cell) => cell.textContent).join(' | ')
          : (element.textContent ?? '');
      const isThere = (): boolean =>
        [...document.querySelectorAll(selector)].some((element) => pattern.test(textOf(element)));
      const everyMs = 20;
      const ticks = [performance.now()];
      const timer = setInterval(() => ticks.push(performance.now()), everyMs);
      const latest = (): number => {
        const nowMs = performance.now();
        const gaps = [...ticks.slice(1), nowMs].map((atMs, index) => ({
          atMs,
          lateMs: atMs - (ticks[index] ?? atMs) - everyMs,
        }));
        const recent = gaps.filter(({ atMs }) => atMs > nowMs - 2_000);
        return Math.max(0, ...recent.map(({ lateMs }) => lateMs));
      };
      const shown = new Promise<Shown>((resolve) => {
        const look = (): void => {
          if (!isThere()) return;
          observer.disconnect();
          clearInterval(timer);
          resolve({ atMs: Date.now(), lateMs: latest() });
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, characterData: true });
        look();
      });
      return { shown };
    },
    [selector, text.source] as const,
  );
  return () =>
    within(
      watch.evaluate(({ shown }) => shown),
      deadlineMs,
      `${selector} with ${text.source} to stand in ${page.url()}`,
    );
}
