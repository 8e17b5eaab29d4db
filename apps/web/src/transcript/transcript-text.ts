import type { Transcript } from '@voicebus/session-view';
import { agentLook } from '@/agents/agent-look';
import { strings } from '@/strings';

/** The conversation as plain text, one line per row: what was heard, nothing else. */
export function transcriptText(lines: Transcript): string {
  return lines
    .flatMap((line) => {
      switch (line.kind) {
        case 'user':
          return line.final ? `${strings.you}: ${line.text}` : [];
        case 'bot': {
          const cut = line.interrupted ? ` (${strings.transcript.interrupted})` : '';
          return `${agentLook(line.agent).name}: ${line.text}${cut}`;
        }
        case 'handoff':
          return line.status === 'failed'
            ? []
            : `— ${strings.transcript.nowTalking(agentLook(line.to).name)} —`;
        default:
          return [];
      }
    })
    .join('\n');
}
