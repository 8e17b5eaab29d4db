import { AudioLines } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { strings } from '@/strings';
import { buttonClass } from '@/ui/button';
import { Wordmark } from '@/talk/wordmark';

export function DashboardHeader({ title, children }: { title: string; children: ReactNode }) {
  return (
    <header className="flex min-h-16 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2">
      <Wordmark />
      <h1 className="text-lg text-ink-soft">{title}</h1>
      <div className="ml-auto flex items-center gap-1">
        {children}
        <Link href="/" className={buttonClass({ kind: 'quiet', shape: 'small' })}>
          <AudioLines aria-hidden className="size-4.5" />
          {strings.dashboard.talk}
        </Link>
      </div>
    </header>
  );
}
