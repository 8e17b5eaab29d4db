import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import type { WebConfig } from '@voicebus/protocol';
import { Activity } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Drawer } from '@/ui/drawer';
import { EventList } from './event-list';
import { OfflineLabel } from './offline-label';
import { ResponseList } from './response-list';

/** What is measured, for those who want to know; the page does not need it. */
export function DetailsDrawer(props: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
  config: WebConfig;
}) {
  const [open, setOpen] = useState(false);
  const { clock, sessionId, vad } = props.snapshot;
  const words = strings.drawer;
  return (
    <Drawer
      title={strings.talk.details}
      description={words.description}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button
          kind="quiet"
          shape="icon"
          aria-label={strings.talk.details}
          title={strings.talk.details}
        >
          <Activity aria-hidden className="size-5" />
        </Button>
      }
    >
      <dl className="number grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
        <Fact name={words.session}>
          <code className="font-mono break-all">{sessionId ?? '–'}</code>
        </Fact>
        <Fact name={words.clock}>{clock ? `± ${clock.uncertaintyMs.toFixed(1)} ms` : '–'}</Fact>
        <Fact name={words.vad}>{words.vadStates[vad]}</Fact>
      </dl>
      <OfflineLabel config={props.config} />
      <ResponseList responses={props.snapshot.responses} />
      {open ? <EventList session={props.session} /> : null}
    </Drawer>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
