import { z } from 'zod';

export interface TracingConfig {
  /** Where spans go: OTLP over HTTP. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** OpenTelemetry's own names: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export const tracingSettings = {
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ error: 'is no URL, such as http://127.0.0.1:4318' })
    .optional(),
  OTEL_EXPORTER_OTLP_HEADERS: z.string().optional(),
};

export function tracingConfig(settings: {
  OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  OTEL_EXPORTER_OTLP_HEADERS?: string | undefined;
}): TracingConfig | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = settings;
  if (endpoint === undefined) return null;
  return {
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: Object.fromEntries(
      (headers ?? '')
        .split(',')
        .map((pair) => pair.split('=', 2).map((part) => decodeURIComponent(part.trim())))
        .filter(([name, value]) => name !== '' && value !== undefined),
    ),
  };
}
