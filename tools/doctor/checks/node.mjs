import { ok, todo } from '../findings.mjs';

/** What starts the bootstrap; the services run on the toolchain's. */
const oldestMajor = 20;

export const node = { name: 'Node', run: () => judgeNode(process.versions.node) };

export function judgeNode(version) {
  if (Number(version.split('.')[0]) >= oldestMajor) return [ok(version)];
  return [todo(`this is ${version}: install Node ${oldestMajor} or newer`)];
}
