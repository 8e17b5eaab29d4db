import type { VoiceSession } from '@voicebus/client';
import { strings } from '@/strings';
import { Button } from '@/ui/button';

/** Short things to tap instead of saying or typing them. */
export function Suggestions({
  session,
  suggestions,
}: {
  session: VoiceSession;
  suggestions: readonly string[];
}) {
  if (suggestions.length === 0) return null;
  return (
    <ul aria-label={strings.talk.suggestions} className="flex flex-wrap gap-2">
      {suggestions.map((suggestion) => (
        <li key={suggestion}>
          <Button shape="small" onClick={() => session.sendText(suggestion)}>
            {suggestion}
          </Button>
        </li>
      ))}
    </ul>
  );
}
