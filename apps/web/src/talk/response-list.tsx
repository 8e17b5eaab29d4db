import type { VoiceSnapshot } from '@voicebus/client';
import { duration } from '@/format';
import { strings } from '@/strings';

/** A bar this long fills the row, unless there was a longer wait: nobody waits longer without wondering. */
const fullMs = 2500;

/** The response time of each turn at the caller's ear. */
export function ResponseList({ responses }: { responses: VoiceSnapshot['responses'] }) {
  const words = strings.drawer;
  const longestMs = Math.max(fullMs, ...responses.map(({ ms }) => ms));
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold">{words.latency}</h3>
      <p className="text-sm text-ink-faint">{words.latencyNote}</p>
      {responses.length === 0 ? (
        <p className="text-sm text-ink-soft">{words.noLatency}</p>
      ) : (
        <ol className="number mt-1 flex flex-col gap-2">
          {responses.map(({ turnId, ms }, index) => (
            <li
              key={turnId}
              className="grid grid-cols-[1.5rem_1fr_4rem] items-center gap-3 text-sm"
            >
              <span className="text-ink-faint">{index + 1}</span>
              <span className="h-2 overflow-hidden rounded-full bg-sunken">
                <span
                  className="block h-full rounded-full bg-ink-soft"
                  style={{ width: `${(ms / longestMs) * 100}%` }}
                />
              </span>
              <span className="text-end">{duration(ms)}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
