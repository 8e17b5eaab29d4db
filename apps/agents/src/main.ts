import { agentConfig } from '@voicebus/config';
import { runService } from '@voicebus/service';
import { startAgentService } from './agent-service.ts';
import { readCommandLine } from './command-line.ts';

await runService(async () => {
  const { roles, flags } = readCommandLine(process.argv.slice(2));
  return startAgentService(roles, agentConfig(flags));
});
