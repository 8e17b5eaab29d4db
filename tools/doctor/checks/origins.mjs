import { isLoopbackHost } from '../addresses.mjs';
import { ok, todo } from '../findings.mjs';

export const origins = {
  name: 'origins',
  run: ({ settings: read }) => ('settings' in read ? judgeOrigins(read.settings) : []),
};

/** A browser names its page as scheme, host and port; anything longer is never equal to it. */
export function judgeOrigins({ allowedOrigins, host, hasAppKey, hasAdminToken }) {
  const findings = allowedOrigins.flatMap((text) => {
    if (!URL.canParse(text))
      return [todo(`ALLOWED_ORIGINS has ${text}, which is no origin: http(s)://host[:port]`)];
    const { origin } = new URL(text);
    return origin === text
      ? []
      : [todo(`ALLOWED_ORIGINS has ${text}, browsers say ${origin}: write that`)];
  });
  if (!isLoopbackHost(host) && !hasAppKey) {
    findings.push(
      todo(
        `TRANSPORT_HOST is ${host}, but other machines may not call without VOICEBUS_APP_KEY: set it`,
      ),
    );
  }
  if (!isLoopbackHost(host) && !hasAdminToken) {
    findings.push(ok('the dashboard is for this machine only until VOICEBUS_ADMIN_TOKEN is set'));
  }
  if (findings.every(({ isOk }) => isOk)) findings.unshift(ok(allowedOrigins.join(', ')));
  return findings;
}
