'use client';

import { createVoiceSession, isInCall } from '@voicebus/client';
import { useVoiceSession } from '@voicebus/client/react';
import { useEffect, useState } from 'react';
import { loadConfig, useConfig } from '@/config/use-config';
import { CallScreen } from './call-screen';
import { HomeScreen } from './home-screen';
import { TalkHeader } from './talk-header';
import { useTalkKeys } from './use-talk-keys';

/** The page that people talk on: before, during and after a call. */
export function TalkPage() {
  const [session] = useState(() =>
    createVoiceSession({ transportUrls: async () => (await loadConfig()).transportUrls }),
  );
  const snapshot = useVoiceSession(session);
  const config = useConfig();
  const [keysShown, setKeysShown] = useState(false);
  useEffect(() => session.prepare(), [session]);
  useTalkKeys(session, () => setKeysShown((shown) => !shown));

  const { connection } = snapshot;
  // Before a call, and when the microphone was refused, there is nothing to show of a call.
  const atHome =
    connection.kind === 'idle' || (connection.kind === 'failed' && !snapshot.sessionId);
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
