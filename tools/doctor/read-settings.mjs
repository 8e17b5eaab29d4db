// Prints the transport agent's settings as JSON, or what is wrong with them. Secrets, tokens and keys are
// left out: what prints them is one mistake away from a log.
import { ConfigError, transportAgentConfig } from '../../packages/config/src/index.ts';

try {
  const { secret, adminToken, appKey, iceServers, ...settings } = transportAgentConfig();
  const known = {
    hasSecret: secret !== '',
    hasAdminToken: adminToken !== null,
    hasAppKey: appKey !== null,
  };
  const servers = { iceServers: iceServers.length };
  process.stdout.write(JSON.stringify({ settings: { ...settings, ...known, ...servers } }));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stdout.write(JSON.stringify({ problem: error.message }));
}
