import { transportAgentConfig } from '@voicebus/config';
import { runService } from '@voicebus/service';
import { startTransportAgent } from './transport-agent.ts';

await runService(() => startTransportAgent(transportAgentConfig()));
