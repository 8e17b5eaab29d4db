import { ConfigError, transportAgentConfig } from '@voicebus/config';
import { startTransportAgent } from './transport-agent.ts';

try {
  const agent = await startTransportAgent(transportAgentConfig());
  let isEnding = false;
  const end = (): void => {
    // The second signal is for people who do not want to wait.
    if (isEnding) process.exit(1);
    isEnding = true;
    void agent.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
} catch (error) {
  const message =
    error instanceof ConfigError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
