import { describe, expect, test } from 'vitest';
import { clientMessageSchema } from './browser.ts';

describe('asking for a transport', () => {
  const asked = (fields: object) =>
    clientMessageSchema.safeParse({ type: 'create-transport', id: 1, ...fields });

  test.each([
    ['a page, that knows of WebRTC only', { direction: 'send' }],
    ['a page that says so', { direction: 'receive', media: 'webrtc' }],
    ['a gateway, for both directions', { media: 'plain' }],
  ])('%s', (_, fields) => {
    expect(asked(fields).data).toEqual({ type: 'create-transport', id: 1, ...fields });
  });

  test.each([
    ['another kind of media', { media: 'carrier-pigeon' }],
    ['no kind at all', { media: null }],
    ['another direction', { direction: 'sideways' }],
  ])('not for %s', (_, fields) => {
    expect(asked(fields).success).toBe(false);
  });
});
