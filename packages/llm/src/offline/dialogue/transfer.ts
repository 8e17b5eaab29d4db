import { callerSummary } from '../intents/intent.ts';
import type { Reply, Scene } from './scene.ts';
import { call, say } from './scene.ts';

/** Says so in one sentence and hands over; undefined when there is nobody of that kind. */
export function handOver(scene: Scene, wanted: RegExp): Reply | undefined {
  const { tools, state, options } = scene;
  const name = tools.transfer;
  if (name === undefined) return undefined;
  const choices = tools.choices(name, 'agent').filter((agent) => agent !== options.agent);
  const agent = choices.find((choice) => wanted.test(choice));
  // A tool without a choice of agents has one target only, which is in its name.
  if (agent === undefined && (choices.length > 0 || !wanted.test(name))) return undefined;
  const who = nameOf(agent);
  const words = say(
    scene,
    `Sure, I will hand you over to ${who}.`,
    `One moment, I will connect you with ${who}.`,
    `Of course, I will put you through to ${who}.`,
  );
  const { intent, orderNumber } = state;
  const about = intent === null ? 'wants to talk to you' : callerSummary(intent);
  const order = orderNumber === null ? '' : ` The order number is ${orderNumber}.`;
  return call(words, name, {
    ...(agent === undefined ? {} : { agent }),
    ...(tools.hasParameter(name, 'reason') ? { reason: `The caller ${about}.${order}` } : {}),
  });
}

/** "support" is a department, "the greeter" is somebody. */
function nameOf(agent: string | undefined): string {
  if (agent === undefined) return 'a colleague';
  return agent.endsWith('er') || agent.endsWith('or') ? `the ${agent}` : agent;
}
