import type { HandoffLine } from '@voicebus/session-view';
import { agentLook, agentStyle } from '@/agents/agent-look';
import { AgentMark } from '@/agents/agent-mark';
import { strings } from '@/strings';

/** A divider at the place where the floor moved. */
export function HandoffRow({ line }: { line: HandoffLine }) {
  const failed = line.status === 'failed';
  return (
    <li
      style={agentStyle(failed ? line.from : line.to)}
      className="arrive my-1 flex items-center gap-3 text-sm font-medium text-agent before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line"
    >
      <span className="flex max-w-[80%] items-center gap-2">
        {failed ? null : <AgentMark agent={line.to} size="small" />}
        {handoffText(line)}
      </span>
    </li>
  );
}

function handoffText(line: HandoffLine): string {
  const words = strings.transcript;
  const to = agentLook(line.to).name;
  if (line.status === 'requested') return words.handingOff(to);
  if (line.status !== 'failed') return words.nowTalking(to);
  return words.handoffFailed(to, line.from === null ? null : agentLook(line.from).name);
}
