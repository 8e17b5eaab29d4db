import { faultOf } from '@voicebus/core';
import { expect, test } from 'vitest';
import { closedError, fatalError, refusedError, unreachableError } from './deepgram-error.ts';

const address = {
  apiKey: 'do-not-print-me-0123456789',
  baseUrl: 'wss://api.deepgram.com',
  model: 'flux-general-en',
};
const refused = (
  status: number,
  said = 'Invalid credentials.',
  retryAfterMs: number | null = null,
) => refusedError({ status, said, retryAfterMs }, address);

test.each([
  [401, 'key', ['DEEPGRAM_API_KEY', '"Invalid credentials"', 'console.deepgram.com']],
  [403, 'key', ['DEEPGRAM_API_KEY', 'flux-general-en', '"Invalid credentials"']],
  [402, 'quota', ['DEEPGRAM_API_KEY', 'credit', '"Invalid credentials"']],
  [400, 'setting', ['DEEPGRAM_MODEL', 'DEEPGRAM_BASE_URL', 'wss://api.deepgram.com']],
  [404, 'setting', ['DEEPGRAM_BASE_URL']],
  [429, 'rate-limit', ['too many requests']],
  [503, 'overloaded', ['503']],
] as const)(
  'status %i is a fault of the %s, in one line that says what helps',
  (status, fault, parts) => {
    const error = refused(status);
    expect(faultOf(error)).toBe(fault);
    for (const part of parts) expect(error.message).toContain(part);
    expect(error.message).not.toContain('\n');
    expect(error.data['status']).toBe(status);
  },
);

test('a service that quotes the key is not quoted with it', () => {
  const { message } = refused(401, `The key ${address.apiKey}\nis void.`);
  expect(message).not.toContain(address.apiKey);
  expect(message).toContain('is void');
});

test('it says when to come back', () => {
  expect(refused(429, '', 7_000).data['retryAfterMs']).toBe(7_000);
});

test('closes and fatal errors keep their code, never their sentence', () => {
  const closed = closedError(1011, 'NET-0001: somebody said where is my order');
  expect(closed.message).toContain('1011 NET-0001');
  expect(closed.message).not.toContain('order');
  expect(faultOf(closed)).toBe('overloaded');
  expect(faultOf(closedError(1006, ''))).toBe('network');
  expect(faultOf(closedError(1008, 'DATA-0000'))).toBe('garbled');
  expect(faultOf(fatalError('INTERNAL_SERVER_ERROR'))).toBe('overloaded');
  expect(faultOf(fatalError('UNPARSABLE_CLIENT_MESSAGE'))).toBe('garbled');
  expect(fatalError('where is my order').message).not.toContain('order');
  expect(unreachableError('ECONNREFUSED', address).message).toContain('DEEPGRAM_BASE_URL');
});
