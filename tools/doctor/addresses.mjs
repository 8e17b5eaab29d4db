import { isIP } from 'node:net';

export function isLoopbackHost(host) {
  const plain = host.replace(/^\[|\]$/g, '');
  return (
    plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
  );
}

/** Listens on all of the machine's addresses. */
export function isWildcard(address) {
  return address === '0.0.0.0' || address === '::';
}

/** Reached from the same network only (RFC 1918, RFC 4193, link-local). */
export function isPrivate(address) {
  return (
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)/.test(address) ||
    /^(f[cd]|fe80)/i.test(address)
  );
}

/** True when people on other machines are meant to call, by what the settings say. */
export function servesOtherMachines({ host, publicUrl, allowedOrigins }) {
  if (!isLoopbackHost(host)) return true;
  return [publicUrl, ...allowedOrigins].some(
    (url) => url !== null && URL.canParse(url) && !isLoopbackHost(new URL(url).hostname),
  );
}
