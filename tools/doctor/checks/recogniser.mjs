import { access, constants } from 'node:fs/promises';

import { ensureRecogniser } from '../../recogniser/build.mjs';
import { ok, todo } from '../findings.mjs';

export const recogniser = {
  name: 'offline recogniser',
  run: async ({ cache, environment, settings }) => {
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
    const stt = settings.settings?.providers.stt ?? ['offline'];
    return judgeRecogniser({ stt, given, file, isRunnable });
  },
};

export function judgeRecogniser({ stt, given, file, isRunnable }) {
  if (!stt.includes('offline')) return [ok(`not needed, STT is ${stt.join(', then ')}`)];
  if (file && isRunnable) return [ok(file)];
  if (given)
    return [todo(`VOICEBUS_RECOGNISER_BIN names ${given}, which cannot be run: correct it`)];
  const how = 'npm start as root on Debian or Ubuntu installs it';
  // Somebody else listens: it is only missed when they do not.
  if (stt[0] !== 'offline') return [ok(`not there, nothing stands behind ${stt[0]}: ${how}`)];
  return [todo(`not there, callers can only type: ${how}`)];
}
