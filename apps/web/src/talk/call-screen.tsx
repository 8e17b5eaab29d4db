import type { VoiceSession, VoiceSnapshot } from '@voicebus/client';
import { useAgent, useTranscript } from '@voicebus/client/react';
import { strings } from '@/strings';
import { Transcript } from '@/transcript/transcript';
import { AgentBadge } from './agent-badge';
import { CallNotices } from './call-notices';
import { CallSummary } from './call-summary';
import { CallControls } from './call-controls';
import { FollowingScroll } from './following-scroll';
import { MicrophoneWord } from './microphone-word';
import { Suggestions } from './suggestions';
import { VoiceLine } from './voice-line';

export function CallScreen(props: {
  session: VoiceSession;
  snapshot: VoiceSnapshot;
  inCall: boolean;
}) {
  const { session, snapshot, inCall } = props;
  const agent = useAgent(session);
  const transcript = useTranscript(session);
  const { kind } = snapshot.connection;
  // Until the new agent is heard, the old one is who talks.
  const talking = agent.state.kind === 'handing-off' ? agent.state.from : agent.name;
  const waiting = kind !== 'live' && kind !== 'reconnecting' && inCall;
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{strings.talk.heading}</h1>
      {inCall ? <AgentBadge agent={talking} state={agent.state} waiting={waiting} /> : null}
      {inCall && !snapshot.textOnly ? (
        <>
          <VoiceLine session={session} agent={talking} />
          <MicrophoneWord microphone={snapshot.microphone} />
        </>
      ) : null}
      <FollowingScroll mark={transcript}>
        <Transcript lines={transcript} empty={inCall ? strings.talk.empty : ''} />
      </FollowingScroll>
      <div className="flex flex-col gap-3 pt-2 pb-4">
        <CallNotices session={session} snapshot={snapshot} />
        {inCall ? (
          <>
            <Suggestions session={session} suggestions={snapshot.suggestions} />
            <CallControls session={session} snapshot={snapshot} />
          </>
        ) : (
          <CallSummary session={session} snapshot={snapshot} />
        )}
      </div>
    </main>
  );
}
