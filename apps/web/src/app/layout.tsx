import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { strings } from '@/strings';
import { mono, sans } from './fonts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: strings.product, template: `%s · ${strings.product}` },
  description: strings.description,
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#faf9f6' },
    { media: '(prefers-color-scheme: dark)', color: '#121413' },
  ],
};

/** The content security policy has a nonce per answer, so no page is made ahead of time. */
export const dynamic = 'force-dynamic';

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" dir="ltr" className={`${sans.variable} ${mono.variable}`}>
      <body className="bg-paper text-ink antialiased">{children}</body>
    </html>
  );
}
