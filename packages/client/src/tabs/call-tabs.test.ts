import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeptCall } from '../session/kept-call.ts';
import { CallTabs, type TabChannel } from './call-tabs.ts';

/** Channels of one browser: each hears what the others say, in order, at once. */
class Browser {
  readonly #channels: TabChannel[] = [];
  readonly said: { readonly type: string; readonly to?: string; readonly call?: unknown }[] = [];

  channel(): TabChannel {
    const channel: TabChannel = {
      onmessage: null,
      close: () => this.#channels.splice(this.#channels.indexOf(channel), 1),
      postMessage: (message: { type: string }) => {
        this.said.push(message);
        const event = new MessageEvent('message', { data: structuredClone(message) });
        for (const other of this.#channels)
          if (other !== channel) other.onmessage?.call(other as BroadcastChannel, event);
      },
    };
    this.#channels.push(channel);
    return channel;
  }

  tab(tabId: string, call: KeptCall | null = null) {
    const own = { call };
    return {
      own,
      tabs: new CallTabs({ tabId, channel: this.channel(), ownCall: () => own.call }),
    };
  }
}

const call: KeptCall = {
  sessionId: 's',
  connectUrl: 'ws://a',
  resumeToken: 'r',
  audio: false,
  untilWallMs: 1,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('tabs of one browser', () => {
  it('tell a new tab of a call', async () => {
    const browser = new Browser();
    browser.tab('first', call);
    const second = browser.tab('second');
    await expect(second.tabs.ask()).resolves.toEqual({ tabId: 'first', sessionId: 's' });
  });

  it('do not keep a new tab waiting when nobody has a call', async () => {
    const browser = new Browser();
    browser.tab('first');
    const asked = browser.tab('second').tabs.ask();
    await vi.advanceTimersByTimeAsync(400);
    await expect(asked).resolves.toBeNull();
  });

  it('hear of a call that begins and ends', () => {
    const browser = new Browser();
    const first = browser.tab('first');
    const { other } = browser.tab('second').tabs;
    first.tabs.announce('s');
    expect(other.get()).toEqual({ tabId: 'first', sessionId: 's' });
    first.tabs.retract();
    expect(other.get()).toBeNull();
  });

  it('give the call to the tab that wants it, and to no other', async () => {
    const browser = new Browser();
    const first = browser.tab('first', call);
    const second = browser.tab('second');
    const third = browser.tab('third', { ...call, sessionId: 'another' });
    first.tabs.announce('s');
    await expect(second.tabs.take()).resolves.toEqual(call);
    const given = browser.said.filter(({ type }) => type === 'give');
    expect(given).toEqual([expect.objectContaining({ to: 'second', call })]);
    expect(third.own.call?.sessionId).toBe('another');
  });

  it('forget a tab that does not answer: it crashed, or its call is over', async () => {
    const browser = new Browser();
    const channel = browser.channel();
    const second = browser.tab('second');
    channel.postMessage({ type: 'here', from: 'crashed', sessionId: 's' });
    expect(second.tabs.other.get()).not.toBeNull();
    const taken = second.tabs.take();
    await vi.advanceTimersByTimeAsync(400);
    await expect(taken).resolves.toBeNull();
    expect(second.tabs.other.get()).toBeNull();

    const first = browser.tab('first', null);
    first.tabs.announce('s');
    await expect(second.tabs.take()).resolves.toBeNull();
    expect(second.tabs.other.get()).toBeNull();
  });

  it('take no call from nonsense', async () => {
    const browser = new Browser();
    const channel = browser.channel();
    const { tabs } = browser.tab('second');
    channel.postMessage({ type: 'here', from: 'odd', sessionId: 's' });
    const taken = tabs.take();
    channel.postMessage({ type: 'give', from: 'odd', to: 'second', call: { sessionId: 4 } });
    channel.postMessage(null);
    channel.postMessage({ type: 'from-the-future', from: 'odd' });
    await expect(taken).resolves.toBeNull();
  });
});
