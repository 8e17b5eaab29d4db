import { strings } from '@/strings';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { useState } from 'react';

/** Once per call: the loudspeaker is heard by the microphone, which no rule can quite mend. */
export function HeadsetHint({ mayHearItself }: { mayHearItself: boolean }) {
  const [read, setRead] = useState(false);
  if (!mayHearItself || read) return null;
  return (
    <Notice
      tone="calm"
      title={strings.talk.headset}
      action={<Button onClick={() => setRead(true)}>{strings.talk.understood}</Button>}
    >
      {strings.talk.headsetNext}
    </Notice>
  );
}
