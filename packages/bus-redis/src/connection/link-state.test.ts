import { expect, it } from 'vitest';
import { LinkState } from './link-state.ts';

it('is up while every part is, and tells each change once', () => {
  const changes: boolean[] = [];
  const link = new LinkState((up) => changes.push(up));
  link.set('append', true);
  link.set('inbox', true);
  expect(changes).toEqual([]);
  expect(link.missing).toEqual(['notes']);
  link.set('notes', true);
  link.set('notes', true);
  link.set('inbox', false);
  link.set('append', false);
  link.set('append', true);
  link.set('inbox', true);
  expect(changes).toEqual([true, false, true]);
  expect(link.isUp).toBe(true);
});
