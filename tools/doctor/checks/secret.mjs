import { ok, todo } from '../findings.mjs';

/** As the services demand it. */
const shortest = 32;

export const secret = {
  name: 'VOICEBUS_SECRET',
  run: ({ environment, keptSecret }) =>
    judgeSecret({ given: environment.VOICEBUS_SECRET ?? '', kept: keptSecret }),
};

/** Says how long it is, never what it is. */
export function judgeSecret({ given, kept }) {
  if (given) return [judgeLength(given, 'set')];
  if (kept) return [judgeLength(kept, 'made by npm start')];
  return [ok('not made yet: npm start makes one and keeps it')];
}

function judgeLength(value, where) {
  if (value.length >= shortest) return ok(`${where}, ${value.length} characters`);
  return todo(
    `${where}, but ${value.length} characters are too few, ${shortest} are needed: openssl rand -base64 32`,
  );
}
