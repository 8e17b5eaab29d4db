import { z } from 'zod';
import { ConfigError } from './read-environment.ts';
import { oneOf } from './settings.ts';

export interface PlainRtpConfig {
  readonly listenIp: string;
  /** What callers are told, where they cannot reach `listenIp`. */
  readonly announcedIp?: string;
  /** Each caller takes one of them. */
  readonly ports: { readonly first: number; readonly last: number };
}

const ip = z.union([z.ipv4(), z.ipv6()], { error: 'is no IP address' });

/** Callers who are no browsers: not encrypted, so nobody has it without saying so. */
export const plainRtpSettings = {
  PLAIN_RTP: oneOf(['off', 'on']).default('off'),
  PLAIN_RTP_LISTEN_IP: ip.default('127.0.0.1'),
  PLAIN_RTP_ANNOUNCED_IP: ip.optional(),
  /** Below the ports that systems give to programs which ask for any. */
  PLAIN_RTP_PORTS: z
    .string()
    .default('28000-28999')
    .transform((text, context) => {
      const [, first, last] = (/^(\d+)-(\d+)$/.exec(text) ?? []).map(Number);
      if (first && last && first <= last && last <= 65_535) return { first, last };
      context.addIssue({ code: 'custom', message: 'is no range of ports, such as 28000-28999' });
      return z.NEVER;
    }),
};

export function plainRtpConfig(settings: {
  PLAIN_RTP: 'off' | 'on';
  PLAIN_RTP_LISTEN_IP: string;
  PLAIN_RTP_ANNOUNCED_IP?: string | undefined;
  PLAIN_RTP_PORTS: { readonly first: number; readonly last: number };
}): PlainRtpConfig | null {
  const { PLAIN_RTP_LISTEN_IP: listenIp, PLAIN_RTP_ANNOUNCED_IP: announcedIp } = settings;
  if (settings.PLAIN_RTP === 'off') return null;
  if (announcedIp === undefined && /^(0\.0\.0\.0|::)$/.test(listenIp)) {
    throw new ConfigError(
      `PLAIN_RTP_LISTEN_IP=${listenIp} is nowhere to send to: name one address, or set PLAIN_RTP_ANNOUNCED_IP.`,
    );
  }
  const announced = announcedIp === undefined ? {} : { announcedIp };
  return { listenIp, ...announced, ports: settings.PLAIN_RTP_PORTS };
}
