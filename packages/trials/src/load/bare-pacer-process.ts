/** What this machine does to a process that only paces. */
import { paceFor } from './bare-pacer.ts';

process.send?.(await paceFor(Number(process.argv[2] ?? '60')), () => process.exit(0));
