/**
 * @typedef {{ isOk: boolean, text: string }} Finding
 * @typedef {{ name: string, run: (context: import('./context.mjs').Context) => Finding[] | Promise<Finding[]> }} Check
 */

/** @returns {Finding} */
export const ok = (text) => ({ isOk: true, text });

/** What to do, as a sentence that somebody can follow. @returns {Finding} */
export const todo = (text) => ({ isOk: false, text });

/**
 * One line per finding. A check that throws is a finding too: the others still say what they know.
 *
 * @param {Check} check
 */
export async function runCheck(check, context) {
  const findings = await Promise.resolve(check.run(context)).catch((error) => [
    todo(`could not be checked: ${error.message.split('\n')[0]}`),
  ]);
  return findings.map(({ isOk, text }) => ({
    isOk,
    line: `${isOk ? 'ok   ' : 'to do'}  ${check.name}: ${text}`,
  }));
}

export function writeSize(bytes) {
  return `${(bytes / 1024 ** 3).toFixed(1)} GB`;
}
