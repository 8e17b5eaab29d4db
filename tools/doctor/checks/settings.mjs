import { ok, todo } from '../findings.mjs';

export const settings = { name: 'settings', run: ({ settings: read }) => judgeSettings(read) };

/** What is wrong with them is said by the services' own schema, a line each. */
export function judgeSettings(read) {
  if ('unread' in read) return [todo(`could not be read (${read.unread}): npm start sets it up`)];
  if (!('problem' in read)) return [ok('valid')];
  const lines = read.problem.split('\n');
  const issues = lines.filter((line) => line.startsWith('  '));
  // Keys that are missing are told without a heading, a line each.
  return (issues.length > 0 ? issues : lines).map((line) => todo(line.trim()));
}
