import { ok, todo } from '../findings.mjs';

export const toolchain = {
  name: 'toolchain',
  run: ({ toolchain: found }) => judgeToolchain(found),
};

export function judgeToolchain({ nodeFile, pnpmFile }) {
  const missing = [!nodeFile && 'its Node', !pnpmFile && 'pnpm'].filter(Boolean);
  if (missing.length === 0) return [ok(`Node at ${nodeFile}, and pnpm`)];
  return [todo(`${missing.join(' and ')} not fetched yet: npm start does it`)];
}
