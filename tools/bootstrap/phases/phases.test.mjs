import { expect, test } from 'vitest';

import { combineWants, phases, selectPhases } from './index.mjs';

const keysOf = (selected) => selected.map(({ key }) => key);

test('all phases run without a choice', () => {
  expect(selectPhases(undefined)).toEqual(phases);
  expect(selectPhases(' ')).toEqual(phases);
});

test('a choice keeps the order of the phases', () => {
  expect(keysOf(selectPhases('calls, format'))).toEqual(['format', 'calls']);
});

test('an unknown phase is refused with the known ones', () => {
  expect(() => selectPhases('unit,e2e')).toThrow(/"e2e".*unit, pages, calls/);
});

test('only what the chosen phases want is prepared', () => {
  const format = combineWants(selectPhases('format'));
  expect(format).toEqual({
    worker: false,
    recogniser: false,
    web: false,
    redis: false,
    debianNeeds: [],
  });
  const wants = combineWants(selectPhases('unit,calls'));
  expect(wants).toMatchObject({ worker: true, recogniser: true, web: true, redis: true });
  expect(wants.debianNeeds.flatMap(({ packages }) => packages)).toEqual([
    'sox',
    'flite',
    'chromium',
  ]);
});
