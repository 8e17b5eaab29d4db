import type { BusBody, BusKind } from '@voicebus/protocol';

const turn = { turnId: 'turn-1', messageId: 'message-1' };
const call = { id: 'call-1', name: 'lookup', arguments: '{}' };
const said = { id: 'm', role: 'user', content: 'hello' } as const;
const context = { version: 3, messages: [said] };

/** A body of every kind, as it should be. */
export const bodies: { readonly [Kind in BusKind]: BusBody<Kind> } = {
  acknowledge: {},
  refused: { messageId: 'message-1', code: 'closed', message: 'no' },
  part: { kind: 22, index: 0, count: 2, text: '{' },
  prepare: { handoffId: 'handoff-1', bridge: null },
  prepared: { handoffId: 'handoff-1', ok: true },
  activate: {
    handoffId: 'handoff-1',
    traceId: 'trace',
    bridge: null,
    context,
    runTurnId: 'turn-1',
    state: {},
  },
  activated: { handoffId: 'handoff-1' },
  deactivate: { reason: 'x' },
  'turn-request': {
    turnId: 'turn-1',
    baseVersion: 2,
    version: 3,
    operations: [{ type: 'append', message: said }],
  },
  'context-request': { turnId: 'turn-1', haveVersion: 1 },
  'context-snapshot': { turnId: 'turn-1', context },
  interruption: { turnId: null, voidThrough: 4_000_000_000 },
  'turn-prepare': { message: said, changes: { baseVersion: 3, operations: [] } },
  'response-start': turn,
  'response-text': { ...turn, text: 'FORGED' },
  'response-end': { ...turn, reason: 'stop' },
  'tool-started': { turnId: 'turn-1', call },
  'tool-ended': {
    turnId: 'turn-1',
    callId: 'call-1',
    name: 'lookup',
    status: 'completed',
    content: '{}',
    durationMs: 5,
    run: true,
  },
  'handoff-request': {
    requestId: 'request-1',
    target: 'support',
    callId: null,
    messages: [],
    run: true,
  },
  'handoff-result': { requestId: 'request-1', ok: true },
  'end-request': { callId: null },
  'session-ended': { reason: 'failed' },
  'state-update': { patch: { a: 1 } },
  'client-message': { name: 'suggestions', payload: { suggestions: [] } },
  custom: { name: 'note', body: {} },
  'custom-frame': { name: 'note', bridge: null, direction: 'downstream', body: {} },
  'worker-end': {},
  'worker-cancel': {},
  operate: { action: 'drain' },
};
