import { ok, todo } from '../findings.mjs';

/** Ours, with the length that the services demand. */
const ours = [
  { name: 'VOICEBUS_APP_KEY', shortest: 16, purpose: 'calls from other machines' },
  { name: 'VOICEBUS_ADMIN_TOKEN', shortest: 16, purpose: 'watching from other machines' },
];

export const keys = { name: 'keys', run: ({ environment }) => judgeKeys(environment) };

/** Names them, never prints them. */
export function judgeKeys(environment) {
  return ours.map(({ name, shortest, purpose }) => {
    const value = environment[name];
    if (value === undefined) return ok(`${name} is not set (only needed for ${purpose})`);
    if (value.length >= shortest) return ok(`${name} is set`);
    return todo(`${name} is too short, ${shortest} characters are needed: openssl rand -base64 24`);
  });
}
