export { ConfigError, readEnvironment, type Environment } from './read-environment.ts';
export { agentConfig, type AgentConfig } from './agent-config.ts';
export type { BusConfig } from './bus-config.ts';
export { cartesiaConfig, type CartesiaConfig } from './cartesia-config.ts';
export { deepgramConfig, type DeepgramConfig } from './deepgram-config.ts';
export { openAIConfig, type OpenAIConfig } from './openai-config.ts';
export { chooseProviders, choosesOffline, type ProviderChoice } from './providers.ts';
export {
  sherpaRecogniserConfig,
  sherpaVoicesConfig,
  type SherpaRecogniserConfig,
  type SherpaVoicesConfig,
} from './sherpa-config.ts';
export { transportAgentConfig, type TransportAgentConfig } from './transport-agent-config.ts';
export type { TracingConfig } from './tracing-config.ts';
export { webConfig } from './web-config.ts';
