import { type NextRequest, NextResponse } from 'next/server';
import { webConfig } from '@voicebus/config';

/** Sends each page with a policy of its own: the addresses it may talk to are known at run time only. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // Next.js takes the nonce for its own scripts from here.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('permissions-policy', 'microphone=(self), camera=(), geolocation=()');
  response.headers.set('referrer-policy', 'no-referrer');
  response.headers.set('x-content-type-options', 'nosniff');
  return response;
}

export const config = { matcher: ['/', '/dashboard/:path*'] };

function contentSecurityPolicy(nonce: string): string {
  const transports = webConfig().transportUrls.flatMap((url) => {
    const { origin } = new URL(url);
    return [origin, origin.replace(/^http/, 'ws')];
  });
  return [
    `default-src 'self'`,
    // The speech model runs as WebAssembly.
    `script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'`,
    // Components place themselves with style attributes, which a nonce cannot allow.
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' data:`,
    `font-src 'self'`,
    `media-src 'self' blob: mediastream:`,
    `worker-src 'self' blob:`,
    `connect-src 'self' ${transports.join(' ')}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}
