import type { SessionEvent } from '@voicebus/protocol';
import type {
  BotLine,
  HandoffLine,
  ToolLine,
  TranscriptLine,
  UserLine,
} from './transcript-line.ts';

export type Transcript = readonly TranscriptLine[];

type EventOf<Type extends SessionEvent['type']> = Extract<SessionEvent, { type: Type }>;

/** Folds one event into the transcript; returns the same array when nothing on it changed. */
export function foldTranscript(lines: Transcript, event: SessionEvent): Transcript {
  switch (event.type) {
    case 'transcript-interim':
    case 'transcript-final':
      return foldUserText(lines, event);
    case 'bot-text':
      return foldBotText(lines, event);
    case 'bot-heard':
      return foldBotHeard(lines, event);
    case 'tool-start':
      return upsert(lines, toolLine(event));
    case 'tool-end':
      return update(lines, { kind: 'tool', id: event.callId }, (line) => ({
        ...line,
        status: event.status,
        durationMs: event.durationMs,
      }));
    case 'handoff-requested':
    case 'handoff-accepted':
    case 'handoff-active':
    case 'handoff-failed':
      return foldHandoff(lines, event);
    case 'turn-ended':
      return dropUnfinished(lines, event.turnId);
    case 'session-ended':
      return endTranscript(lines);
    case 'problem':
      return upsert(lines, {
        kind: 'problem',
        id: event.id,
        code: event.code,
        message: event.message,
        component: event.component,
        atMs: event.atMs,
      });
    default:
      return lines;
  }
}

function foldUserText(
  lines: Transcript,
  event: EventOf<'transcript-interim'> | EventOf<'transcript-final'>,
): Transcript {
  const known = lines.find((line): line is UserLine => isLine(line, 'user', event.messageId));
  // A late interim must not take words back that are already in the model's context.
  if (event.type === 'transcript-interim' && (known?.final === true || event.text === '')) {
    return lines;
  }
  // The recogniser may rule that what sounded like speech held no words.
  if (event.text === '') return known ? lines.filter((line) => line !== known) : lines;
  return upsert(lines, {
    kind: 'user',
    id: event.messageId,
    turnId: event.turnId,
    text: event.text,
    final: event.type === 'transcript-final',
    by: event.type === 'transcript-final' ? event.by : 'voice',
    atMs: known?.atMs ?? event.atMs,
  });
}

function foldBotText(lines: Transcript, event: EventOf<'bot-text'>): Transcript {
  const known = lines.find((line): line is BotLine => isLine(line, 'bot', event.messageId));
  // Text that arrives after the cut was generated in vain: it is not in the context any more.
  if (known?.interrupted === true) return lines;
  return upsert(lines, {
    kind: 'bot',
    id: event.messageId,
    turnId: event.turnId,
    agent: event.agent,
    text: event.text,
    heardCharacters: known?.heardCharacters ?? 0,
    done: event.done,
    interrupted: false,
    atMs: known?.atMs ?? event.atMs,
  });
}

function foldBotHeard(lines: Transcript, event: EventOf<'bot-heard'>): Transcript {
  return update(lines, { kind: 'bot', id: event.messageId }, (line) => {
    if (line.interrupted) return line;
    if (!event.interrupted) return { ...line, heardCharacters: event.heardCharacters };
    const text = line.text.slice(0, event.heardCharacters);
    return { ...line, text, heardCharacters: text.length, done: true, interrupted: true };
  });
}

function toolLine(event: EventOf<'tool-start'>): ToolLine {
  return {
    kind: 'tool',
    id: event.callId,
    turnId: event.turnId,
    agent: event.agent,
    name: event.name,
    status: 'running',
    startedAtMs: event.atMs,
    startedAtWallMs: event.wallMs,
    durationMs: null,
  };
}

type HandoffEvent = EventOf<
  'handoff-requested' | 'handoff-accepted' | 'handoff-active' | 'handoff-failed'
>;

function foldHandoff(lines: Transcript, event: HandoffEvent): Transcript {
  if (event.from === undefined) return foldFirstAgent(lines, event);
  // Another process of the same agent took over: the caller talks with whom they talked before.
  if (event.from === event.to) return lines;
  const known = lines.find((line): line is HandoffLine => isLine(line, 'handoff', event.handoffId));
  const others = event.type === 'handoff-requested' ? withoutRequest(lines, event.from) : lines;
  const status = event.type.slice('handoff-'.length) as HandoffLine['status'];
  return upsert(others, {
    kind: 'handoff',
    id: event.handoffId,
    from: event.from,
    to: event.to,
    status,
    message: event.type === 'handoff-failed' ? event.message : null,
    atMs: known?.atMs ?? event.atMs,
  });
}

const nobodyYet = 'nobody-yet';

/**
 * The first agent takes an empty floor: nobody hands over, so there is no divider. While none could be
 * had one line says so, however often it was tried, and it goes when somebody is there.
 */
function foldFirstAgent(lines: Transcript, event: HandoffEvent): Transcript {
  const known = lines.find((line): line is HandoffLine => isLine(line, 'handoff', nobodyYet));
  if (event.type === 'handoff-failed') {
    return upsert(lines, {
      kind: 'handoff',
      id: nobodyYet,
      from: null,
      to: event.to,
      status: 'failed',
      message: event.message,
      atMs: known?.atMs ?? event.atMs,
    });
  }
  return known && event.type === 'handoff-active' ? lines.filter((line) => line !== known) : lines;
}

/** The tool with which an agent asks for a handoff is the handoff, and needs no line of its own. */
function withoutRequest(lines: Transcript, from: string | undefined): Transcript {
  const index = lines.findLastIndex(
    (line) => line.kind === 'tool' && line.agent === from && line.status === 'running',
  );
  return index === -1 ? lines : lines.toSpliced(index, 1);
}

/**
 * When a turn is over its interim words were a false start, and a bot line that nobody heard any of is
 * not in the model's context: neither stays on the page.
 */
function dropUnfinished(lines: Transcript, turnId: string): Transcript {
  const kept = lines.filter(
    (line) =>
      !(line.kind === 'user' && line.turnId === turnId && !line.final) &&
      !(line.kind === 'bot' && line.turnId === turnId && line.interrupted && line.text === ''),
  );
  return kept.length === lines.length ? lines : kept;
}

/** Nothing works on for a caller who is gone: what still ran was given up. */
export function endRunningTools(lines: Transcript): Transcript {
  if (!lines.some((line) => line.kind === 'tool' && line.status === 'running')) return lines;
  return lines.map((line) =>
    line.kind === 'tool' && line.status === 'running' ? { ...line, status: 'cancelled' } : line,
  );
}

/**
 * The call is over: tools run no more, what the bot had still to say was never said, and whoever was asked to
 * join does not come.
 */
export function endTranscript(lines: Transcript): Transcript {
  const ended = endRunningTools(lines).flatMap((line): readonly TranscriptLine[] => {
    if (line.kind === 'bot') return cutUnheard(line);
    return line.kind === 'handoff' && line.status === 'requested' ? [] : [line];
  });
  const isSame = ended.length === lines.length && ended.every((line, at) => line === lines[at]);
  return isSame ? lines : ended;
}

function cutUnheard(line: BotLine): readonly BotLine[] {
  if (line.interrupted || line.heardCharacters >= line.text.length) return [line];
  const text = line.text.slice(0, line.heardCharacters).trimEnd();
  const heardCharacters = text.length;
  return text === '' ? [] : [{ ...line, text, heardCharacters, done: true, interrupted: true }];
}

function isLine(line: TranscriptLine, kind: TranscriptLine['kind'], id: string): boolean {
  return line.kind === kind && line.id === id;
}

function upsert(lines: Transcript, line: TranscriptLine): Transcript {
  const index = lines.findIndex((other) => isLine(other, line.kind, line.id));
  return index === -1 ? [...lines, line] : lines.with(index, line);
}

function update<Kind extends TranscriptLine['kind']>(
  lines: Transcript,
  { kind, id }: { readonly kind: Kind; readonly id: string },
  change: (line: Extract<TranscriptLine, { kind: Kind }>) => TranscriptLine,
): Transcript {
  const index = lines.findIndex((line) => isLine(line, kind, id));
  const line = lines[index];
  if (line === undefined) return lines;
  const changed = change(line as Extract<TranscriptLine, { kind: Kind }>);
  return changed === line ? lines : lines.with(index, changed);
}
