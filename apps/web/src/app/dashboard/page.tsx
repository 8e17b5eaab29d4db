import type { Metadata } from 'next';
import { DashboardPage } from '@/dashboard/dashboard-page';
import { strings } from '@/strings';

export const metadata: Metadata = { title: strings.dashboard.title };

export default function Page() {
  return <DashboardPage />;
}
