import type { Conversation } from '../conversation.ts';
import type { InterleavingStage } from './stage.ts';

/** What must hold whatever happened; each gives a sentence per violation. */
export function findViolations(stage: InterleavingStage): string[] {
  return [
    ...everyCall(stage).flatMap((call) => [
      ...epochsThatDoNotRise(call),
      ...answersGivenTwice(call),
      ...overlappingVoices(call),
      ...openToolCalls(call),
    ]),
    ...foreignWords(stage),
    ...lifeAfterDeath(stage),
    ...[...stage.pending.values()].map((name) => `"${name}" never settled`),
  ];
}

/** One holder at a time: every accepted handoff has an epoch above the one before. */
function epochsThatDoNotRise({ sessionId, events }: Conversation): string[] {
  const epochs = events
    .filter((event) => event.type === 'handoff-accepted')
    .map(({ epoch }) => epoch);
  return epochs.some((epoch, index) => index > 0 && epoch <= (epochs[index - 1] ?? 0))
    ? [`${sessionId}: epochs ${epochs.join()} do not rise`]
    : [];
}

/** Words of the user's are answered to the end at most once. */
function answersGivenTwice({ sessionId, heard }: Conversation): string[] {
  const counts = new Map<string, number>();
  for (const { text, interrupted } of heard) {
    const word = / (w\d+) \./.exec(text)?.[1];
    if (word && !interrupted) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > 1)
    .map(([word, count]) => `${sessionId}: ${word} was answered ${count} times`);
}

/** Packets of one message are not mixed with those of another. */
function overlappingVoices({ sessionId, packets }: Conversation): string[] {
  const order = packets
    .map(({ messageId }) => messageId)
    .filter((id, index, all) => id !== all[index - 1]);
  return new Set(order).size === order.length ? [] : [`${sessionId}: two messages sounded mixed`];
}

/** At the end no call is "in progress" for ever. */
function openToolCalls({ sessionId, context, bridge }: Conversation): string[] {
  const open = context.messages.filter(
    (message) => message.role === 'tool' && message.status === 'in-progress',
  );
  return bridge.owner.holder === null
    ? []
    : open.map((message) => `${sessionId}: ${message.id} is still in progress`);
}

function everyCall(stage: InterleavingStage): Conversation[] {
  return [...stage.calls, ...stage.ended.map(({ call }) => call)];
}

/** No word of one session in another. */
function foreignWords(stage: InterleavingStage): string[] {
  const violations: string[] = [];
  const names = everyCall(stage).map(({ sessionId }) => sessionId);
  const foreign = (own: string, text: string): string[] =>
    names.filter((name) => name !== own && text.includes(`${name} `));
  for (const { sessionId, text } of stage.asked)
    for (const name of foreign(sessionId, text))
      violations.push(`${sessionId}: its agent was shown words of ${name}`);
  for (const { sessionId, transcript } of everyCall(stage))
    for (const name of foreign(sessionId, transcript.join('\n')))
      violations.push(`${sessionId} heard words of ${name}`);
  return violations;
}

/** A call that was hung up is over: nothing happens in it any more, and no agent keeps its place. */
function lifeAfterDeath({ ended, agentRunners }: InterleavingStage): string[] {
  return ended.flatMap(({ call: { sessionId, events }, events: before }) => [
    ...(events.length > before
      ? [`${sessionId} goes on after its end: ${events.at(-1)?.type}`]
      : []),
    ...agentRunners
      .filter(
        (agents) =>
          agents.getWorker('greeter', sessionId) ?? agents.getWorker('support', sessionId),
      )
      .map(({ name }) => `${sessionId} is over, and ${name} still serves it`),
  ]);
}
