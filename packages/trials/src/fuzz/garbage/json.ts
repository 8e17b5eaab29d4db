import type { SeededRandom } from '@voicebus/testing';

/** Values that programs trip over. */
const traps: readonly unknown[] = [
  null,
  true,
  '',
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  -(2 ** 53),
  'constructor',
  '__proto__',
  '\u0000',
  '\ud800',
  '𝕏'.repeat(50),
  'x'.repeat(5_000),
  '../../etc/passwd',
  '%00',
  [],
  {},
  [[[[[[[[]]]]]]]],
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
  Array.from({ length: 300 }, (_, index) => index),
];

/** Any JSON value, small most of the time. */
export function anyJson(random: SeededRandom, depth = 0): unknown {
  if (depth > 3 || random.next() < 0.5) return random.pick(traps);
  const length = random.between(0, 5);
  if (random.next() < 0.5) return Array.from({ length }, () => anyJson(random, depth + 1));
  return Object.fromEntries(
    Array.from({ length }, () => [anyText(random), anyJson(random, depth + 1)]),
  );
}

export function anyText(random: SeededRandom): string {
  const texts = traps.filter((trap) => typeof trap === 'string');
  if (random.next() < 0.3) return random.pick(texts);
  const characters = 'abcxyz0189 _-./\\\'"{}[]<>:;&?=%\t\n\u0000é漢';
  return Array.from({ length: random.between(0, 24) }, () => random.pick([...characters])).join('');
}

/** The value with one to three places of it changed, left out or added to. */
export function mutated(value: unknown, random: SeededRandom): unknown {
  let changed = structuredClone(value);
  for (let count = random.between(1, 4); count > 0; count -= 1) changed = change(changed, random);
  return changed;
}

function change(value: unknown, random: SeededRandom): unknown {
  if (typeof value !== 'object' || value === null || random.next() < 0.15)
    return random.next() < 0.5 ? nearby(value, random) : anyJson(random);
  const keys = Object.keys(value);
  if (Array.isArray(value)) {
    const list: unknown[] = [...(value as unknown[])];
    if (list.length === 0 || random.next() < 0.2) return [...list, ...list, anyJson(random)];
    const index = random.between(0, list.length);
    list[index] = change(list[index], random);
    return list;
  }
  const fields: Record<string, unknown> = { ...value };
  const key = keys.length > 0 ? random.pick(keys) : anyText(random);
  const how = random.next();
  if (how < 0.15) delete fields[key];
  else if (how < 0.25) fields[anyText(random)] = anyJson(random);
  else fields[key] = change(fields[key], random);
  return fields;
}

/** Not quite what it was. */
function nearby(value: unknown, random: SeededRandom): unknown {
  if (typeof value === 'number')
    return random.pick([value + 1, value - 1, -value, value * 2 ** 16, value + 0.5, `${value}`]);
  if (typeof value === 'string')
    return random.pick([`${value}x`, value.slice(1), value.toUpperCase(), value + value, [value]]);
  return random.pick([!value, 0, '', {}]);
}
