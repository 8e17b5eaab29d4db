import { describe, expect, it } from 'vitest';
import { stampEvents, writtenCall } from '../written-call.ts';
import {
  emptySessionDetail,
  foldSession,
  foldSessionEvents,
  medianResponse,
  waterfall,
} from './session-detail.ts';

describe('a written call', () => {
  const detail = foldSessionEvents(emptySessionDetail, writtenCall);

  it('reads as the conversation that was heard', () => {
    expect(
      detail.talk.transcript.map((line) => {
        if (line.kind === 'bot')
          return `${line.agent}: ${line.text}${line.interrupted ? ' –' : ''}`;
        if (line.kind === 'user') return `you: ${line.text}`;
        if (line.kind === 'handoff') return `now ${line.to}`;
        return line.kind;
      }),
    ).toEqual([
      'greeter: Hello, this is Greeter. How can I help?',
      'you: Where is my order?',
      'tool',
      'greeter: It left the warehouse –',
      'you: I want to talk to a person',
      'now support',
      'support: Support here, I can see your order.',
    ]);
  });

  it('counts', () => {
    expect(detail).toMatchObject({
      owner: 'transport-1',
      media: 'webrtc',
      interruptions: 1,
      falseAlarms: 1,
      toolCalls: 1,
      problems: 0,
      talk: { ended: { reason: 'caller-ended' }, needsSnapshot: false },
    });
    expect(medianResponse(detail)).toEqual({ ms: 1320, samples: 1 });
  });

  it('has the handoff with its three times and the gap', () => {
    expect(detail.handoffs).toMatchObject([
      { id: 'h0', to: 'greeter', status: 'accepted', epoch: 1 },
      {
        id: 'h1',
        requestedMs: 9420,
        acceptedMs: 9440,
        activeMs: 9670,
        gapMs: 250,
        status: 'active',
      },
    ]);
  });

  it('has one waterfall row per answer', () => {
    expect(waterfall(detail).map((row) => [row.turnId, row.totalMs, row.measuredAtEar])).toEqual([
      ['t2', 1320, true],
      ['t3', 370, false],
    ]);
  });

  it('is the same whether its events come at once, one by one or in any chunks', () => {
    for (let seed = 1; seed <= 50; seed++) {
      let folded = emptySessionDetail;
      let from = 0;
      let random = seed;
      while (from < writtenCall.length) {
        random = (random * 48_271) % 0x7fffffff;
        const to = from + 1 + (random % 9);
        // A reconnect sends some events again.
        folded = foldSessionEvents(folded, writtenCall.slice(Math.max(0, from - 3), to));
        from = to;
      }
      expect(folded).toEqual(detail);
    }
  });

  it('never changes what it was given', () => {
    const frozen = deepFreeze(foldSessionEvents(emptySessionDetail, writtenCall.slice(0, 30)));
    expect(() => foldSessionEvents(frozen, writtenCall.slice(30))).not.toThrow();
  });
});

describe('a gap', () => {
  it('asks for a snapshot and goes on', () => {
    const [first, , third] = stampEvents([
      { type: 'session-started', atMs: 0, owner: 'o', channel: 'c', text: true },
      { type: 'caller-connected', atMs: 1, media: 'text' },
      { type: 'caller-disconnected', atMs: 2 },
    ]);
    const detail = [first, third].reduce(
      (folded, event) => (event ? foldSession(folded, event) : folded),
      emptySessionDetail,
    );
    expect(detail.talk).toMatchObject({ needsSnapshot: true, sequence: 3 });
  });
});

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
