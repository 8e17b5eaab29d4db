import type { Page } from '@playwright/test';
import { within } from '@voicebus/testing/system';

/** What is to stand in a page: an element of this selector with a text like this, a row's cells parted by " | ". */
export interface Wanted {
  readonly selector: string;
  readonly text: RegExp;
}

/** Resolves with when it first stood there, in milliseconds of the machine's wall clock, which all pages share. */
export type Shown = () => Promise<number>;

const deadlineMs = 15_000;

/**
 * Watches a page from now on, by what changes in it: however late the test asks, the time is that of the page.
 * Resolves once it watches.
 */
export async function watchFor(page: Page, { selector, text }: Wanted): Promise<Shown> {
  const watch = await page.evaluateHandle(
    ([selector, source]) => {
      const pattern = new RegExp(source, 's');
      const textOf = (element: Element): string =>
        element instanceof HTMLTableRowElement
          ? Array.from(element.cells, (cell) => cell.textContent).join(' | ')
          : (element.textContent ?? '');
      const isThere = (): boolean =>
        [...document.querySelectorAll(selector)].some((element) => pattern.test(textOf(element)));
      const shownMs = new Promise<number>((resolve) => {
        const look = (): void => {
          if (!isThere()) return;
          observer.disconnect();
          resolve(Date.now());
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, characterData: true });
        look();
      });
      return { shownMs };
    },
    [selector, text.source] as const,
  );
  return () =>
    within(
      watch.evaluate(({ shownMs }) => shownMs),
      deadlineMs,
      `${selector} with ${text.source} to stand in ${page.url()}`,
    );
}
