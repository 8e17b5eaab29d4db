import { checks } from './checks/index.mjs';
import { readContext } from './context.mjs';
import { runCheck } from './findings.mjs';

// `npm run doctor`: looks at everything that a call needs, changes nothing, says what to do. Ends with 1
// when something must be done.
const context = await readContext(AbortSignal.timeout(60_000));
let isOk = true;
for (const check of checks) {
  for (const finding of await runCheck(check, context)) {
    process.stdout.write(`${finding.line}\n`);
    isOk &&= finding.isOk;
  }
}
process.stdout.write(isOk ? 'Everything a call needs is there.\n' : 'Something is to be done.\n');
process.exit(isOk ? 0 : 1);
