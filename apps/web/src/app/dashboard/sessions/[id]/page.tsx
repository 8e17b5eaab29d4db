import type { Metadata } from 'next';
import { SessionPage } from '@/dashboard/session-page';
import { strings } from '@/strings';

export const metadata: Metadata = { title: strings.session.title };

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  return <SessionPage sessionId={decodeURIComponent(id)} />;
}
