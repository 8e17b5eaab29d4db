'use client';

import { isInCall } from '@voicebus/client';
import { useVoiceSession } from '@voicebus/client/react';
import { AudioLines } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import { strings } from '@/strings';
import { talkSession } from '@/talk/talk-session';
import { buttonClass } from '@/ui/button';
import { Wordmark } from '@/talk/wordmark';

export function DashboardHeader({ title, children }: { title: string; children: ReactNode }) {
  return (
    <header className="flex min-h-16 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2">
      <Wordmark />
      <h1 className="text-lg text-ink-soft">{title}</h1>
      <div className="ms-auto flex items-center gap-1">
        {children}
        <TalkLink />
      </div>
    </header>
  );
}

/** Whoever looks at the dashboard from a call is still in it. */
function TalkLink() {
  const [session] = useState(talkSession);
  const inCall = isInCall(useVoiceSession(session).connection);
  return (
    <Link href="/" className={buttonClass({ kind: inCall ? 'solid' : 'quiet', shape: 'small' })}>
      <AudioLines aria-hidden className="size-4.5" />
      {inCall ? strings.dashboard.backToCall : strings.dashboard.talk}
    </Link>
  );
}
