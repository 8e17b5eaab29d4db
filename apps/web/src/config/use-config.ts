import { webConfigSchema, type WebConfig } from '@voicebus/protocol';
import { useEffect, useState } from 'react';

let loading: Promise<WebConfig> | null = null;

/** Asks the web server once; a failed answer is asked for again the next time. */
export function loadConfig(): Promise<WebConfig> {
  loading ??= fetch('/api/config', { signal: AbortSignal.timeout(5000) })
    .then((response) => response.json())
    .then((body) => webConfigSchema.parse(body))
    .catch((error: unknown) => {
      loading = null;
      throw error;
    });
  return loading;
}

/** For a page that came with it. */
export function rememberConfig(config: WebConfig): void {
  loading = Promise.resolve(config);
}

/** Null until it is known. */
export function useConfig(): WebConfig | null {
  const [config, setConfig] = useState<WebConfig | null>(null);
  useEffect(() => {
    let current = true;
    loadConfig().then(
      (loaded) => current && setConfig(loaded),
      () => {},
    );
    return () => {
      current = false;
    };
  }, []);
  return config;
}
