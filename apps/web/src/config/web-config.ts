import type { WebConfig } from '@voicebus/protocol';

/** What the page needs to know, read at run time; nothing of it is fixed by a build. */
export function webConfig(): WebConfig {
  const listed = (process.env['TRANSPORT_URLS'] ?? '')
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  const port = process.env['TRANSPORT_PORT']?.trim() || '3001';
  return { transportUrls: listed.length > 0 ? listed : [`http://localhost:${port}`] };
}
