import { type EventDraft, stampEvents } from '@voicebus/session-view/written-call';
import { describe, expect, it } from 'vitest';
import { SessionStores } from './session-stores.ts';

const heard = (turnId: string, responseMs?: number): EventDraft => ({
  type: 'playback-first-heard',
  atMs: 1,
  turnId,
  ...(responseMs === undefined ? {} : { responseMs }),
});

describe('response times', () => {
  it('are known again to a page that was reloaded, each once', () => {
    const stores = new SessionStores();
    stores.receive(stampEvents([heard('one', 900), heard('two'), heard('three', 1_200)]));
    // What this page measures itself comes back as an event, too.
    stores.responded({ turnId: 'four', ms: 700 });
    stores.receive(
      stampEvents([heard('one', 900), heard('two'), heard('three', 1_200), heard('four', 700)]),
    );
    expect(stores.state.get().responses).toEqual([
      { turnId: 'one', ms: 900 },
      { turnId: 'three', ms: 1_200 },
      { turnId: 'four', ms: 700 },
    ]);
    stores.reset(false);
    expect(stores.state.get().responses).toEqual([]);
  });
});

describe('an answer that is cut short', () => {
  const answer = stampEvents([
    {
      type: 'bot-text',
      atMs: 1,
      turnId: 't',
      messageId: 'm',
      agent: 'a',
      text: 'One. Two.',
      done: true,
    },
    {
      type: 'bot-heard',
      atMs: 2,
      turnId: 't',
      messageId: 'm',
      agent: 'a',
      heardCharacters: 4,
      interrupted: false,
    },
  ]);
  const inCall = (): SessionStores => {
    const stores = new SessionStores();
    stores.connection({ type: 'start', audio: false });
    stores.connection({ type: 'media-ready' });
    stores.connection({ type: 'agent-arrived' });
    stores.receive(answer);
    return stores;
  };

  it('by the end of the call shows what was heard of it', () => {
    const stores = inCall();
    stores.connection({ type: 'ended', reason: 'caller-ended', detail: null });
    expect(stores.talk.get().transcript).toMatchObject([{ text: 'One.', interrupted: true }]);
  });

  it('by a connection that broke may go on with it', () => {
    const stores = inCall();
    stores.connection({ type: 'failed', reason: 'connection-lost' });
    expect(stores.talk.get().transcript).toMatchObject([{ text: 'One. Two.', interrupted: false }]);
  });
});
