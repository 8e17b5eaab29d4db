import { networkInterfaces } from 'node:os';

import { isLoopbackHost, isPrivate, isWildcard, servesOtherMachines } from '../addresses.mjs';
import { ok, todo } from '../findings.mjs';

export const announcedAddress = {
  name: 'media address',
  run: ({ settings: read }) => {
    if (!('settings' in read)) return [];
    const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    return judgeAddresses(
      read.settings,
      addresses.map(({ address }) => address),
    );
  },
};

/** Sound takes its own way: signalling may work from another machine where sound does not. */
export function judgeAddresses(settings, own) {
  const { listenIp, announcedIp } = settings.mediasoup;
  const reached = announcedIp ?? listenIp;
  if (!isWildcard(listenIp) && !isLoopbackHost(listenIp) && !own.includes(listenIp)) {
    return [
      todo(
        `MEDIASOUP_LISTEN_IP is ${listenIp}, which this machine does not have: one of ${own.join(', ')}`,
      ),
    ];
  }
  if (isWildcard(reached)) {
    return [
      todo(
        `browsers cannot send sound to ${reached}: set MEDIASOUP_ANNOUNCED_IP to the address by which they reach this machine`,
      ),
    ];
  }
  const isForOthers = servesOtherMachines(settings);
  if (announcedIp !== null && isLoopbackHost(listenIp) && !isLoopbackHost(announcedIp)) {
    return [
      todo(
        `MEDIASOUP_ANNOUNCED_IP is ${announcedIp}, but ${listenIp} hears this machine only: set MEDIASOUP_LISTEN_IP=0.0.0.0`,
      ),
    ];
  }
  if (isLoopbackHost(reached)) {
    if (!isForOthers) return [ok(`${reached}, reached from this machine only, as the pages are`)];
    return [
      todo(
        `pages of other machines may call, but their sound cannot reach ${reached}: set MEDIASOUP_LISTEN_IP=0.0.0.0 and MEDIASOUP_ANNOUNCED_IP`,
      ),
    ];
  }
  const where = isPrivate(reached) ? 'from the same network' : 'from other machines';
  return [ok(`${reached}, reached ${where}`)];
}
