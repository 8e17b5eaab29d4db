import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import type { WebConfig } from '@voicebus/protocol';
import { LayoutDashboard } from 'lucide-react';
import Link from 'next/link';
import { strings } from '@/strings';
import { buttonClass } from '@/ui/button';
import { ConnectionStatus } from './connection-status';
import { DetailsDrawer } from './details-drawer';
import { KeyHelp } from './key-help';
import { Wordmark } from './wordmark';

export function TalkHeader(props: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
  config: WebConfig;
  keysShown: boolean;
  onKeysShown: (shown: boolean) => void;
}) {
  return (
    <header className="flex min-h-16 items-center gap-1 pt-1">
      <Wordmark />
      <div className="ms-auto flex min-w-0 items-center gap-0.5 sm:gap-1">
        <ConnectionStatus snapshot={props.snapshot} />
        <DetailsDrawer session={props.session} snapshot={props.snapshot} config={props.config} />
        <KeyHelp open={props.keysShown} onOpenChange={props.onKeysShown} />
        <Link
          href="/dashboard"
          aria-label={strings.talk.dashboard}
          title={strings.talk.dashboard}
          className={buttonClass({ kind: 'quiet', shape: 'icon' })}
        >
          <LayoutDashboard aria-hidden className="size-5" />
        </Link>
      </div>
    </header>
  );
}
