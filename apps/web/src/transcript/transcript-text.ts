import type { Transcript, TranscriptLine } from '@voicebus/session-view';
import { agentLook } from '@/agents/agent-look';
import { clock } from '@/format';
import { strings } from '@/strings';

/** The conversation as plain text: one row per line, each with its time in the call; what was heard. */
export function transcriptText(lines: Transcript): string {
  return lines
    .flatMap((line) => {
      const text = words(line);
      return text === null ? [] : `[${clock(timeOf(line))}] ${text}`;
    })
    .join('\n');
}

/** The file to take along: when it was, how long it took, and what was said. */
export function transcriptFile(
  lines: Transcript,
  call: { readonly startedAtWallMs: number | null; readonly lengthMs: number },
): { readonly name: string; readonly text: string } {
  const started = call.startedAtWallMs === null ? null : new Date(call.startedAtWallMs);
  const words = strings.transcript;
  const heading =
    started === null ? '' : `${words.heading(localTime(started), clock(call.lengthMs))}\n\n`;
  const date = started === null ? '' : `-${localTime(started).replaceAll(/[ :]/g, '-')}`;
  return { name: `${words.file}${date}.txt`, text: `${heading}${transcriptText(lines)}\n` };
}

function words(line: TranscriptLine): string | null {
  switch (line.kind) {
    case 'user':
      return line.final ? `${strings.you}: ${line.text}` : null;
    case 'bot': {
      // What was not heard was not said.
      const heard = line.interrupted ? line.text : line.text.slice(0, line.heardCharacters);
      if (heard.trim() === '') return null;
      const cut = line.interrupted ? ` (${strings.transcript.interrupted})` : '';
      return `${agentLook(line.agent).name}: ${heard}${cut}`;
    }
    case 'handoff':
      return line.status === 'failed'
        ? null
        : `— ${strings.transcript.nowTalking(agentLook(line.to).name)} —`;
    default:
      return null;
  }
}

function timeOf(line: TranscriptLine): number {
  return line.kind === 'tool' ? line.startedAtMs : line.atMs;
}

/** "2026-11-22 14:05" on the caller's clock: the same everywhere, and files sort by it. */
function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
