import { access, constants } from 'node:fs/promises';

import { ensureRecogniser } from '../../recogniser/build.mjs';
import { ok, todo } from '../findings.mjs';

export const recogniser = {
  name: 'offline recogniser',
  run: async ({ cache, environment }) => {
    const given = environment.VOICEBUS_RECOGNISER_BIN;
    // Compiles what it has the parts for, a third of a second; installs nothing.
    const file =
      given ??
      (await ensureRecogniser({
        cacheDir: cache,
        log: () => {},
        ensureDebianPackages: () => Promise.resolve(),
      }));
    const isRunnable = file
      ? await access(file, constants.X_OK).then(
          () => true,
          () => false,
        )
      : false;
    return judgeRecogniser({ stt: environment.STT ?? 'offline', given, file, isRunnable });
  },
};

export function judgeRecogniser({ stt, given, file, isRunnable }) {
  if (stt !== 'offline') return [ok(`not needed, STT is ${stt}`)];
  if (file && isRunnable) return [ok(file)];
  if (given)
    return [todo(`VOICEBUS_RECOGNISER_BIN names ${given}, which cannot be run: correct it`)];
  return [
    todo('not there, callers can only type: npm start as root on Debian or Ubuntu installs it'),
  ];
}
