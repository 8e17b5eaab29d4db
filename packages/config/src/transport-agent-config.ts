import { z } from 'zod';
import { chooseProviders, type ProviderChoice } from './providers.ts';
import {
  ConfigError,
  parseEnvironment,
  readEnvironment,
  type Environment,
} from './read-environment.ts';
import { busConfig, busSettings, type BusConfig } from './bus-config.ts';
import { plainRtpConfig, plainRtpSettings, type PlainRtpConfig } from './plain-rtp-config.ts';
import { tracingConfig, tracingSettings, type TracingConfig } from './tracing-config.ts';
import { list, logLevel, oneOf, port } from './settings.ts';

const schema = z.object({
  PORT: port(3000),
  TRANSPORT_PORT: port(3001),
  /** Where the HTTP server listens: other machines only when told so. */
  TRANSPORT_HOST: z.string().default('127.0.0.1'),
  /** Peers that count as this machine: the gateway of a container's network whose ports are on loopback. */
  TRANSPORT_TRUSTED_PEERS: list.optional(),
  /** How browsers reach this process, where that differs from what they called. */
  TRANSPORT_PUBLIC_URL: z.url().optional(),
  ALLOWED_ORIGINS: list.optional(),
  VOICEBUS_SECRET: z
    .string()
    .min(32, { error: 'needs at least 32 characters: openssl rand -base64 32' })
    .optional(),
  VOICEBUS_ADMIN_TOKEN: z.string().min(16).optional(),
  VOICEBUS_APP_KEY: z.string().min(16).optional(),
  /** 20 callers are what two cores carry with offline speech. */
  MAX_SESSIONS: z.coerce.number().int().min(1).max(10_000).default(20),
  /** Nobody talks that long to a bot on purpose; a day is for lines that are open all the time. */
  MAX_CALL_MINUTES: z.coerce.number().int().min(1).max(1_440).default(30),
  MEDIASOUP_PORT: port(40_000),
  MEDIASOUP_WORKERS: z.coerce.number().int().min(1).max(64).default(1),
  MEDIASOUP_LISTEN_IP: z.string().default('127.0.0.1'),
  MEDIASOUP_ANNOUNCED_IP: z.string().optional(),
  MEDIASOUP_WORKER_BIN: z.string().optional(),
  ...plainRtpSettings,
  ICE_SERVERS: z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({
          code: 'custom',
          message: 'is not JSON: [{"urls":"turn:…","username":"…","credential":"…"}]',
        });
        return z.NEVER;
      }
    })
    .pipe(z.array(z.record(z.string(), z.unknown())))
    .optional(),
  VOICEBUS_RECOGNISER_BIN: z.string().optional(),
  VOICEBUS_CACHE_DIR: z.string().optional(),
  ...busSettings,
  ...tracingSettings,
  LOG_LEVEL: logLevel,
  TURN_EAGER: oneOf(['on', 'off']).default('on'),
  TURN_ENDPOINT_MS: z.coerce.number().int().min(0).max(5_000).optional(),
});

export interface TransportAgentConfig {
  readonly port: number;
  readonly host: string;
  readonly trustedPeers: readonly string[];
  readonly publicUrl: string | null;
  readonly allowedOrigins: readonly string[];
  readonly secret: string;
  readonly adminToken: string | null;
  readonly appKey: string | null;
  readonly bus: BusConfig;
  readonly runnerName: string | null;
  /** 0: calls are told that the line ends, at once. */
  readonly drainSeconds: number;
  readonly maxSessions: number;
  readonly longestCallMs: number;
  readonly mediasoup: {
    readonly port: number;
    readonly workers: number;
    readonly listenIp: string;
    readonly announcedIp: string | null;
    readonly workerBin: string | null;
  };
  /** Null: callers come by WebRTC only. */
  readonly plainRtp: PlainRtpConfig | null;
  readonly iceServers: readonly Record<string, unknown>[];
  readonly recogniser: string | null;
  readonly cacheFolder: string | null;
  readonly providers: ProviderChoice;
  /** Null: nobody collects spans. */
  readonly tracing: TracingConfig | null;
  readonly logLevel: z.infer<typeof logLevel>;
  /** Silence that ends a turn, where it is not the default. */
  readonly endpointMs: number | null;
  /** Answers are begun when the recogniser says that a turn may be over. */
  readonly preparesAnswers: boolean;
}

export function transportAgentConfig(
  environment: Environment = readEnvironment(),
): TransportAgentConfig {
  const settings = parseEnvironment(schema, environment);
  if (!settings.VOICEBUS_SECRET) {
    throw new ConfigError(
      'VOICEBUS_SECRET is not set. `npm start` makes one; otherwise set the same one for all transport agents: openssl rand -base64 32',
    );
  }
  return {
    port: settings.TRANSPORT_PORT,
    host: settings.TRANSPORT_HOST,
    trustedPeers: settings.TRANSPORT_TRUSTED_PEERS ?? [],
    publicUrl: settings.TRANSPORT_PUBLIC_URL ?? null,
    allowedOrigins: settings.ALLOWED_ORIGINS ?? [
      `http://localhost:${settings.PORT}`,
      `http://127.0.0.1:${settings.PORT}`,
    ],
    secret: settings.VOICEBUS_SECRET,
    adminToken: settings.VOICEBUS_ADMIN_TOKEN ?? null,
    appKey: settings.VOICEBUS_APP_KEY ?? null,
    tracing: tracingConfig(settings),
    bus: busConfig(settings),
    runnerName: settings.VOICEBUS_RUNNER_NAME ?? null,
    drainSeconds: settings.DRAIN_SECONDS ?? 0,
    maxSessions: settings.MAX_SESSIONS,
    longestCallMs: settings.MAX_CALL_MINUTES * 60_000,
    mediasoup: {
      port: settings.MEDIASOUP_PORT,
      workers: settings.MEDIASOUP_WORKERS,
      listenIp: settings.MEDIASOUP_LISTEN_IP,
      announcedIp: settings.MEDIASOUP_ANNOUNCED_IP ?? null,
      workerBin: settings.MEDIASOUP_WORKER_BIN ?? null,
    },
    plainRtp: plainRtpConfig(settings),
    iceServers: settings.ICE_SERVERS ?? [],
    recogniser: settings.VOICEBUS_RECOGNISER_BIN ?? null,
    cacheFolder: settings.VOICEBUS_CACHE_DIR ?? null,
    // Agents in processes of their own have their own model, and its key.
    providers: chooseProviders(
      environment,
      settings.BUS === 'local' ? ['stt', 'llm', 'tts'] : ['stt', 'tts'],
    ),
    logLevel: settings.LOG_LEVEL,
    endpointMs: settings.TURN_ENDPOINT_MS ?? null,
    preparesAnswers: settings.TURN_EAGER === 'on',
  };
}
