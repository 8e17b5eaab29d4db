export { ConfigError, readEnvironment, type Environment } from './read-environment.ts';
export { chooseProviders, choosesOffline, type ProviderChoice } from './providers.ts';
export { transportAgentConfig, type TransportAgentConfig } from './transport-agent-config.ts';
export { webConfig } from './web-config.ts';
