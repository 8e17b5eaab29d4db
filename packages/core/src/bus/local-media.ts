import type { MediaFrame, MediaPlane } from './media-frame.ts';

type Listener = (frame: MediaFrame) => void;

/** The media plane inside one process: handed over by reference, a microtask later. */
export class LocalMedia {
  readonly #listeners = new Map<string, Map<string, Set<Listener>>>();

  plane(own: string): MediaPlane {
    const counters = { sent: 0, received: 0, dropped: 0 };
    const ours = new Map<string, Set<Listener>>();
    this.#listeners.set(own, ours);
    return {
      counters,
      send: (incarnation, frame) => {
        counters.sent += 1;
        queueMicrotask(() => {
          for (const listener of this.#listeners.get(incarnation)?.get(frame.sessionId) ?? [])
            listener(frame);
        });
      },
      listen: (sessionId, listener) => {
        const counted: Listener = (frame) => {
          counters.received += 1;
          listener(frame);
        };
        const listeners = ours.get(sessionId) ?? new Set();
        ours.set(sessionId, listeners.add(counted));
        return Promise.resolve(() => {
          listeners.delete(counted);
          if (listeners.size === 0) ours.delete(sessionId);
        });
      },
    };
  }

  forget(incarnation: string): void {
    this.#listeners.delete(incarnation);
  }
}
