import { PeerLinks } from './peer-links.ts';

/** Late messages of ended sessions are recognised and dropped; at about 100 bytes each, 1 MB. */
const maxEndedSessions = 10_000;
/**
 * Links of sessions that nobody here serves: refusals, last words, and whatever a bad peer invents. At
 * about 1 KB each, 10 MB; beyond it the one that was silent for longest goes.
 */
const maxUnserved = 10_000;

/** Every link of a runner, by session and peer. What no worker here stands for is bounded. */
export class LinkTable {
  readonly #sessions = new Map<string, Map<string, PeerLinks>>();
  readonly #served = new Map<string, number>();
  /** In the order of their last use. */
  readonly #unserved = new Set<PeerLinks>();
  readonly #ended = new Set<string>();

  isEnded(sessionId: string): boolean {
    return this.#ended.has(sessionId);
  }

  find(sessionId: string, incarnation: string): PeerLinks | undefined {
    return this.#sessions.get(sessionId)?.get(incarnation);
  }

  open(sessionId: string, incarnation: string): PeerLinks {
    let peers = this.#sessions.get(sessionId);
    if (!peers) this.#sessions.set(sessionId, (peers = new Map<string, PeerLinks>()));
    let links = peers.get(incarnation);
    if (!links) peers.set(incarnation, (links = new PeerLinks(sessionId, incarnation)));
    if (!this.#served.has(sessionId)) this.#keepUnserved(links);
    return links;
  }

  ofSession(sessionId: string): readonly PeerLinks[] {
    return [...(this.#sessions.get(sessionId)?.values() ?? [])];
  }

  *all(): Generator<PeerLinks> {
    for (const peers of this.#sessions.values()) yield* peers.values();
  }

  /** A worker of the session is here (`by` 1) or gone (−1): links of served sessions are never dropped. */
  serve(sessionId: string, by: 1 | -1): void {
    const count = (this.#served.get(sessionId) ?? 0) + by;
    if (count > 0) {
      this.#served.set(sessionId, count);
      for (const links of this.ofSession(sessionId)) this.#unserved.delete(links);
    } else {
      this.#served.delete(sessionId);
      for (const links of this.ofSession(sessionId)) this.#keepUnserved(links);
    }
  }

  /** From now on nothing of it is taken in; what was not acknowledged is still sent again. */
  end(sessionId: string): void {
    this.#ended.add(sessionId);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= maxEndedSessions) break;
      this.#ended.delete(oldest);
    }
    for (const links of this.ofSession(sessionId)) {
      links.close();
      this.settle(links);
    }
  }

  /** Links of an ended session go once their last words were acknowledged, or nobody is there to do it. */
  settle(links: PeerLinks): void {
    if (!this.#ended.has(links.sessionId)) return;
    if (links.isAcknowledged || links.lanes.some(({ isHopeless }) => isHopeless))
      this.#remove(links);
  }

  close(): void {
    for (const links of this.all()) links.close();
    this.#sessions.clear();
    this.#unserved.clear();
  }

  #keepUnserved(links: PeerLinks): void {
    this.#unserved.delete(links);
    this.#unserved.add(links);
    if (this.#unserved.size <= maxUnserved) return;
    for (const oldest of this.#unserved) {
      this.#remove(oldest);
      return;
    }
  }

  #remove(links: PeerLinks): void {
    links.close();
    this.#unserved.delete(links);
    const peers = this.#sessions.get(links.sessionId);
    peers?.delete(links.incarnation);
    if (peers?.size === 0) this.#sessions.delete(links.sessionId);
  }
}
