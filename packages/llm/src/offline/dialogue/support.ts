import { callerSummary } from '../intents/intent.ts';
import type { Flow } from './flows.ts';
import { flowOf } from './flows.ts';
import type { Reply, Scene } from './scene.ts';
import { call, join, noReply, say } from './scene.ts';
import { handOver } from './transfer.ts';

export const supportSuggestions = [
  'Where is my order?',
  'I want to return something',
  'I want to cancel an order',
  'My device does not work',
  'What are your opening hours?',
  'I want to talk to a person',
];

/** The next step towards what the caller wants: a question, or the call of a tool. */
export function proceed(scene: Scene): Reply {
  const { intent } = scene.state;
  const flow = intent === null ? undefined : flowOf(intent.name);
  switch (flow?.type) {
    case undefined:
      return say(scene, 'What can I do for you?', 'How can I help you?', 'What do you need?');
    case 'order':
      return proceedWithOrder(scene, flow);
    case 'information': {
      const isKnown = scene.tools.choices('shop_information', 'topic').includes(flow.topic);
      return isKnown ? call(noReply, 'shop_information', { topic: flow.topic }) : cannot(scene);
    }
    case 'action':
      return proceedWithAction(scene, flow);
    case 'stock':
      return proceedWithStock(scene);
    case 'plan':
      return proceedWithPlan(scene);
    case 'troubleshooting':
      return troubleshoot(scene);
    case 'transfer':
      return handOver(scene, /greet|front|reception/) ?? cannot(scene);
    case 'ask':
      return say(
        scene,
        'What is it about? An order, a return, a payment, your account, or a device?',
        'Please tell me in a few words what the problem is.',
      );
  }
}

/** After a "yes" to the offer of a ticket. */
export function openTicket(scene: Scene): Reply {
  const name = 'open_ticket';
  if (!scene.tools.has(name)) return cannot(scene);
  const { lastIntent, orderNumber, isOrderConfirmed } = scene.state;
  const kinds = scene.tools.choices(name, 'kind');
  const isAboutOrder = lastIntent !== null && flowOf(lastIntent.name)?.type === 'order';
  const kind = lastIntent !== null && kinds.includes(lastIntent.name) ? lastIntent.name : 'other';
  return call(oneMoment(scene), name, {
    kind,
    note: note(scene),
    ...(isAboutOrder && orderNumber !== null && isOrderConfirmed ? { orderNumber } : {}),
  });
}

function proceedWithOrder(scene: Scene, flow: Flow & { type: 'order' }): Reply {
  const { intent, orderNumber, isOrderConfirmed, isApproved } = scene.state;
  if (intent === null || !scene.tools.has(flow.tool)) return cannot(scene);
  if (orderNumber === null) {
    return say(
      scene,
      'What is the order number, please?',
      'Could you tell me the four digits of the order number?',
      'Which order number is it?',
    );
  }
  if (!isOrderConfirmed || (flow.isAction && !isApproved)) {
    const { summary } = intent;
    return say(
      scene,
      `You ${summary}: order ${orderNumber}. Is that right?`,
      `I have understood order ${orderNumber}, and that you ${summary}. Is that right?`,
      `Order ${orderNumber}: you ${summary}. Is that right?`,
    );
  }
  const given = { orderNumber, ...flow.fixed };
  const hasNote = scene.tools.hasParameter(flow.tool, 'note');
  return call(oneMoment(scene), flow.tool, hasNote ? { ...given, note: note(scene) } : given);
}

function proceedWithAction(scene: Scene, flow: Flow & { type: 'action' }): Reply {
  if (!scene.tools.has(flow.tool)) return cannot(scene);
  if (!scene.state.isApproved) {
    return say(
      scene,
      `I can do something about that. Shall I ${flow.offer}?`,
      `Shall I ${flow.offer}?`,
      `If you like, I do it now. Shall I ${flow.offer}?`,
    );
  }
  return call(oneMoment(scene), flow.tool, flow.fixed);
}

function proceedWithStock(scene: Scene): Reply {
  if (!scene.tools.has('check_stock')) return cannot(scene);
  const { product } = scene.state;
  if (product !== null) return call(noReply, 'check_stock', { product });
  return say(scene, 'Which product is it?', 'Which product do you mean?');
}

function proceedWithPlan(scene: Scene): Reply {
  const plans = scene.tools.choices('change_subscription', 'plan');
  if (plans.length === 0) return cannot(scene);
  const { plan, isApproved } = scene.state;
  if (plan === null) {
    const list = `${plans.slice(0, -1).join(', ')} or ${plans.at(-1) ?? ''}`;
    return say(
      scene,
      `Which plan would you like: ${list}?`,
      `There are ${list}. Which plan shall it be?`,
    );
  }
  if (!isApproved) return say(scene, `Shall I change your plan to ${plan}?`);
  return call(oneMoment(scene), 'change_subscription', { action: 'change', plan });
}

function troubleshoot(scene: Scene): Reply {
  if (!scene.tools.has('troubleshooting_step')) return cannot(scene);
  const { product, steps, isLastStep } = scene.state;
  if (product === null) return say(scene, 'Which device is it?', 'Which device do you mean?');
  if (isLastStep) {
    return say(
      scene,
      'Then I am at the end of my advice. Shall I open a ticket, so that a person looks into it?',
      'Shall I open a ticket for it?',
    );
  }
  return call(noReply, 'troubleshooting_step', { product, step: steps + 1 });
}

function oneMoment(scene: Scene): Reply {
  return say(scene, 'One moment, please.', 'Thank you, one moment.', 'All right, just a second.');
}

/** Honest about what this agent was not given. */
function cannot(scene: Scene): Reply {
  return say(
    scene,
    'I am sorry, I can not do that here. Can I do something else for you?',
    'I am sorry, that is nothing I can do. Is there anything else?',
  );
}

function note(scene: Scene): string {
  const { lastIntent } = scene.state;
  return lastIntent === null
    ? 'The caller needs help.'
    : `The caller ${callerSummary(lastIntent)}.`;
}

/** The first words of an agent that takes over, in its own words. */
export function introduce(scene: Scene): Reply {
  const { intent } = scene.state;
  const hello = say(
    scene,
    'Hello, this is support.',
    'Support here, hello.',
    'Hello again from support.',
  );
  if (intent === null || flowOf(intent.name)?.type === 'ask') return join(hello, proceed(scene));
  const next = proceed(scene);
  // "You want to …: order 4271. Is that right?" takes up the reason by itself.
  const takesUp = next.text.includes(intent.summary);
  return takesUp
    ? join(hello, next)
    : join(hello, say(scene, `I hear that you ${intent.summary}.`), next);
}
