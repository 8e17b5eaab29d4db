'use client';

import { isInCall } from '@voicebus/client';
import { useTranscript, useVoiceSession } from '@voicebus/client/react';
import type { WebConfig } from '@voicebus/protocol';
import { useEffect, useState } from 'react';
import { rememberConfig } from '@/config/use-config';
import { CallScreen } from './call-screen';
import { takeEarlyClick } from './early-click';
import { HomeScreen } from './home-screen';
import { TalkHeader } from './talk-header';
import { talkSession } from './talk-session';
import { useTalkKeys } from './use-talk-keys';

/**
 * The page that people talk on: before, during and after a call. What it says of itself comes with it: what came
 * later would push the buttons away from under somebody's finger.
 */
export function TalkPage({ config }: { config: WebConfig }) {
  const [session] = useState(talkSession);
  const snapshot = useVoiceSession(session);
  const [keysShown, setKeysShown] = useState(false);
  useEffect(() => rememberConfig(config), [config]);
  useEffect(() => session.prepare(), [session]);
  useEffect(() => {
    const wish = takeEarlyClick();
    if (wish) void session.connect({ audio: wish === 'talk' });
  }, [session]);
  useTalkKeys(session, () => setKeysShown((shown) => !shown));

  const { connection } = snapshot;
  const { length: said } = useTranscript(session);
  // Before a call, and when none came about, there is nothing to show of a call.
  const atHome = connection.kind === 'idle' || (connection.kind === 'failed' && said === 0);
  return (
    <div
      className={`mx-auto flex max-w-2xl flex-col px-3.5 sm:px-6 ${atHome ? 'min-h-dvh' : 'h-dvh'}`}
      data-connection={connection.kind}
    >
      <TalkHeader
        session={session}
        snapshot={snapshot}
        config={config}
        keysShown={keysShown}
        onKeysShown={setKeysShown}
      />
      {atHome ? (
        <HomeScreen session={session} snapshot={snapshot} config={config} />
      ) : (
        <CallScreen session={session} snapshot={snapshot} inCall={isInCall(connection)} />
      )}
    </div>
  );
}
