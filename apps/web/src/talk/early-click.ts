/** What a click asked for before the page could do it. */
type Wish = 'talk' | 'type';

declare global {
  interface Window {
    earlyClick?: { wish: string; atMs: number } | null;
  }
}

/** Older than this the caller has given up, or clicked again. */
const staleMs = 15_000;

/**
 * Runs before anything else of the page: on a slow line people click a button that is there to be seen and
 * does nothing yet. Taken once; `null` from then on means that buttons work by themselves.
 */
export const rememberEarlyClick = `addEventListener('click',function(event){
  var button=event.target instanceof Element&&event.target.closest('[data-wish]');
  if(button&&window.earlyClick!==null)window.earlyClick={wish:button.dataset.wish,atMs:performance.now()};
},true);`;

/** The wish of a click that came too early; null when there was none. */
export function takeEarlyClick(): Wish | null {
  const early = window.earlyClick;
  window.earlyClick = null;
  if (!early || performance.now() - early.atMs > staleMs) return null;
  return early.wish === 'talk' || early.wish === 'type' ? early.wish : null;
}
