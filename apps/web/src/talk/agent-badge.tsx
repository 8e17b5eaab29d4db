import type { AgentState } from '@voicebus/session-view';
import { agentLook, agentStyle } from '@/agents/agent-look';
import { AgentMark } from '@/agents/agent-mark';
import { strings } from '@/strings';
import { readable } from '@/transcript/tool-row';

/** Who talks now and what they do. Not announced: the transcript and the sound say it already. */
export function AgentBadge(props: { agent: string | null; state: AgentState; waiting: boolean }) {
  const { agent } = props;
  return (
    <div
      role="status"
      aria-label={strings.talk.agent}
      aria-live="off"
      style={agentStyle(agent)}
      className="flex min-h-14 items-center gap-3"
    >
      {agent === null ? (
        <span
          aria-hidden
          className="size-11 rounded-full border-2 border-dashed border-line breathe"
        />
      ) : (
        <span key={agent} className="arrive flex">
          <AgentMark agent={agent} size="large" />
        </span>
      )}
      <div className="min-w-0">
        <p className="flex flex-wrap items-baseline gap-x-2 text-lg leading-tight">
          {agent === null ? null : <span className="font-semibold">{agentLook(agent).name}</span>}
          <span className="text-base text-agent">
            {props.waiting ? strings.state.waiting : stateText(props.state)}
          </span>
        </p>
        {agent === null ? null : (
          <p className="truncate text-sm text-ink-faint">{agentLook(agent).role}</p>
        )}
      </div>
    </div>
  );
}

function stateText(state: AgentState): string {
  switch (state.kind) {
    case 'using-tool':
      return strings.state['using-tool'](readable(state.name).toLowerCase());
    case 'handing-off':
      return strings.state['handing-off'](agentLook(state.to).name);
    default:
      return strings.state[state.kind];
  }
}
