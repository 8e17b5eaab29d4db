import { ArrowDown } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';

/** Nearer than this to the end counts as reading the end, in pixels: about two lines. */
const nearPx = 60;

/** Follows what is new, unless the reader has scrolled up; then a button leads back. */
export function FollowingScroll({ mark, children }: { mark: unknown; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);

  const toEnd = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
  };
  useEffect(() => {
    if (following.current) toEnd();
  }, [mark]);

  // A notice or the summary makes the box smaller: whoever read the end goes on reading it.
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (following.current) toEnd();
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const element = box.current;
    if (!element) return;
    following.current = element.scrollHeight - element.scrollTop - element.clientHeight < nearPx;
    setBehind(!following.current);
  };
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        onScroll={onScroll}
        // Without a control inside, only so can the keyboard scroll it.
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain rounded-lg py-4 [mask-image:linear-gradient(transparent,black_16px,black_calc(100%-16px),transparent)]"
      >
        {children}
      </div>
      {behind ? (
        <Button
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-card"
          onClick={() => {
            following.current = true;
            toEnd();
          }}
        >
          <ArrowDown aria-hidden className="size-4" />
          {strings.talk.latest}
        </Button>
      ) : null}
    </div>
  );
}
