/** Four steps, 5 ms apart: done in 15 ms, and each step too small to click. */
const steps = 4;
const stepMs = 5;

const running = new WeakMap<HTMLMediaElement, ReturnType<typeof setTimeout>>();

/** Fades from the volume now; a fade that is still on its way gives place to the new one. */
export function fadeVolume(element: HTMLMediaElement, target: 0 | 1): void {
  clearTimeout(running.get(element));
  if (target === 1) element.muted = false;
  const from = element.volume;
  // A hidden page's timers may come once per second: a click is better than a bot that talks on.
  const first = document.hidden ? steps : 1;
  const step = (count: number) => {
    element.volume = from + ((target - from) * count) / steps;
    if (count < steps)
      running.set(
        element,
        setTimeout(() => step(count + 1), stepMs),
      );
    else if (target === 0) element.muted = true;
  };
  step(first);
}
