import { webConfig } from '@voicebus/config';

export const dynamic = 'force-dynamic';

export function GET(): Response {
  return Response.json(webConfig(), { headers: { 'cache-control': 'no-store' } });
}
