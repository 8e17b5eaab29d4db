import { timingSafeEqual } from 'node:crypto';
import { BlockList, isIP } from 'node:net';

export interface AccessRules {
  readonly allowedOrigins: readonly string[];
  readonly adminToken: string | null;
  readonly appKey: string | null;
  /** Networks (`172.16.0.0/12`) whose peers count as this machine. */
  readonly trustedPeers: readonly string[];
}

export interface AccessRequest {
  readonly origin: string | undefined;
  /** Address of the peer. */
  readonly address: string;
  /** `Authorization: Bearer …`, or the `access_token` of an event stream. */
  readonly token: string | undefined;
  readonly appKey: string | undefined;
}

/** Why somebody may not; null when they may. */
export type Refusal = {
  readonly status: 401 | 403;
  readonly code: string;
  readonly message: string;
} | null;

/** A new call: from a page of ours; from another machine only through a web server that holds the key. */
export function mayCall(request: AccessRequest, rules: AccessRules): Refusal {
  const foreign = checkOrigin(request, rules);
  if (foreign) return foreign;
  if (isHere(request.address, rules) && !rules.appKey) return null;
  if (rules.appKey && equal(request.appKey, rules.appKey)) return null;
  if (rules.appKey)
    return {
      status: 401,
      code: 'bad-app-key',
      message: 'The application key is missing or wrong.',
    };
  return {
    status: 403,
    code: 'not-loopback',
    message:
      'Calls from other machines need VOICEBUS_APP_KEY, on this service and on the web server.',
  };
}

/** Watching and controlling: with a token always by token; without one from this machine and our page only. */
export function mayObserve(request: AccessRequest, rules: AccessRules): Refusal {
  if (rules.adminToken) {
    if (equal(request.token, rules.adminToken)) return null;
    return {
      status: 401,
      code: 'bad-admin-token',
      message: 'The admin token is missing or wrong.',
    };
  }
  const foreign = checkOrigin(request, rules);
  if (foreign) return foreign;
  if (isHere(request.address, rules)) return null;
  return {
    status: 403,
    code: 'not-loopback',
    message: 'Set VOICEBUS_ADMIN_TOKEN to watch from another machine.',
  };
}

export function checkOrigin(
  { origin }: Pick<AccessRequest, 'origin'>,
  { allowedOrigins }: AccessRules,
): Refusal {
  // No origin: no browser. Whoever can leave it out could also have forged it.
  if (origin === undefined || allowedOrigins.includes(origin)) return null;
  return {
    status: 403,
    code: 'foreign-origin',
    message: `Pages from ${origin} may not call here. Add it to ALLOWED_ORIGINS if they should.`,
  };
}

export function isLoopback(address: string): boolean {
  const plain = unmapped(address);
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

function isHere(address: string, { trustedPeers }: AccessRules): boolean {
  if (isLoopback(address)) return true;
  const networks = new BlockList();
  for (const network of trustedPeers) {
    const [base = '', bits = isIP(base) === 6 ? '128' : '32'] = network.split('/');
    if (isIP(base)) networks.addSubnet(base, Number(bits), isIP(base) === 6 ? 'ipv6' : 'ipv4');
  }
  const plain = unmapped(address);
  return isIP(plain) !== 0 && networks.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** IPv4 as it arrives on an IPv6 socket. */
function unmapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

function equal(given: string | undefined, wanted: string): boolean {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}
