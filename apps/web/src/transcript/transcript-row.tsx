import { splitByHeard, type TranscriptLine } from '@voicebus/session-view';
import { agentLook, agentStyle } from '@/agents/agent-look';
import { strings } from '@/strings';
import { HandoffRow } from './handoff-row';
import { ToolRow } from './tool-row';

export function TranscriptRow({ line }: { line: TranscriptLine }) {
  switch (line.kind) {
    case 'user':
      return <UserRow line={line} />;
    case 'bot':
      return <BotRow line={line} />;
    case 'tool':
      return <ToolRow line={line} />;
    case 'handoff':
      return <HandoffRow line={line} />;
    case 'problem':
      return <li className="text-sm text-warn">{problemText(line)}</li>;
  }
}

/** In the caller's words; what exactly it was is for those who look after it. */
function problemText({ code, component }: ProblemLine): string {
  const { problem, problems, problemCodes } = strings.transcript;
  return problemCodes[code] ?? problems[component] ?? problem;
}

type ProblemLine = Extract<TranscriptLine, { kind: 'problem' }>;

function UserRow({ line }: { line: Extract<TranscriptLine, { kind: 'user' }> }) {
  return (
    <li
      aria-live={line.final ? undefined : 'off'}
      data-state={line.final ? 'final' : 'interim'}
      className="arrive ms-auto max-w-[85%] rounded-[1.25rem] rounded-ee-md bg-sunken px-4 py-2.5"
    >
      <span className="block text-[0.8125rem] font-medium text-ink-faint">{strings.you} </span>
      <span className={line.final ? 'text-ink' : 'text-ink-faint italic'}>{line.text}</span>
    </li>
  );
}

function BotRow({ line }: { line: Extract<TranscriptLine, { kind: 'bot' }> }) {
  const { spoken, unspoken } = splitByHeard(line);
  // Spoken to the end, or cut: from then on it does not change any more.
  const settled = line.interrupted || (line.done && unspoken === '');
  return (
    <li
      aria-live={settled ? undefined : 'off'}
      data-state={settled ? 'final' : 'speaking'}
      style={agentStyle(line.agent)}
      className="arrive max-w-[92%]"
    >
      <span className="block text-[0.8125rem] font-semibold text-agent">
        {agentLook(line.agent).name}{' '}
      </span>
      <span className="text-[1.0625rem] leading-relaxed">
        <span data-part="heard" className="text-ink">
          {spoken}
        </span>
        <span className="text-ink-faint transition-colors duration-(--quick)">{unspoken}</span>
      </span>
      {line.interrupted ? (
        <span className="ms-2 inline-block text-[0.8125rem] text-ink-faint before:me-2 before:content-['—']">
          {strings.transcript.interrupted}
        </span>
      ) : null}
    </li>
  );
}
