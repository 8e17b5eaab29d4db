import { useEffect, useState } from 'react';
import { useConfig } from '@/config/use-config';
import { type FeedState, LiveFeed } from './live-feed';

export interface LiveView<View> {
  readonly view: View;
  readonly feed: FeedState;
  /** When the last message came, milliseconds since the epoch; null before the first. */
  readonly updatedWallMs: number | null;
}

/** How a stream becomes a view. Must not change from one rendering to the next. */
export interface FeedFold<View> {
  readonly path: string;
  readonly changeName: 'delta' | 'event';
  readonly empty: View;
  /** Null for what is not of the form that this page knows. */
  readonly fromSnapshot: (data: unknown) => View | null;
  readonly change: (view: View, data: unknown) => View;
  readonly needsSnapshot: (view: View) => boolean;
}

/** Follows a stream for as long as the component stands; a gap asks for a new snapshot. */
export function useLiveFeed<View>(fold: FeedFold<View>): LiveView<View> {
  const config = useConfig();
  const [live, setLive] = useState<LiveView<View>>({
    view: fold.empty,
    feed: { kind: 'connecting' },
    updatedWallMs: null,
  });
  useEffect(() => {
    if (!config) return;
    let view = fold.empty;
    const show = (next: View) => {
      view = next;
      setLive((before) => ({ ...before, view: next, updatedWallMs: Date.now() }));
    };
    const feed = new LiveFeed({
      urls: config.transportUrls,
      path: fold.path,
      changeName: fold.changeName,
      onState: (state) => setLive((before) => ({ ...before, feed: state })),
      onSnapshot: (data) => {
        const next = fold.fromSnapshot(data);
        if (next !== null) show(next);
      },
      onChange: (data) => {
        const next = fold.change(view, data);
        const gap = fold.needsSnapshot(next) && !fold.needsSnapshot(view);
        show(next);
        if (gap) feed.restart();
      },
    });
    return () => feed.close();
  }, [config, fold]);
  return live;
}
