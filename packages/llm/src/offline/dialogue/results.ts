import type { ToolMessage } from '@voicebus/protocol';
import { parseRecord } from './parse-record.ts';
import type { Reply, Scene } from './scene.ts';
import { join, say } from './scene.ts';
import { questionEndings } from './question.ts';

const anythingElse = ['Is there anything else?', 'Can I do anything else for you?'] as const;

/** Says what a tool returned, and nothing that it did not return. */
export function phraseResult(scene: Scene, message: ToolMessage): Reply {
  const result = parseRecord(message.content);
  const more = say(scene, ...anythingElse);
  if (message.status === 'unknown') {
    return say(
      scene,
      'I do not know whether that went through, so I will not do it a second time. Shall I open a ticket for it?',
    );
  }
  if (message.status === 'error') {
    return say(
      scene,
      'I am sorry, that did not work just now. Can I do something else for you?',
      'Sorry, it failed again. Can I do anything else for you?',
    );
  }
  if (result['found'] === false) {
    return say(
      scene,
      `I can not find an order ${text(result['orderNumber'])}. What is the order number, please?`,
      `There is no order ${text(result['orderNumber'])} either. Could you look at the order number once more, and read me its four digits?`,
    );
  }
  const spoken = phrases[message.name]?.(scene, result);
  if (spoken === undefined) return join(say(scene, plainResult(message.content, result)), more);
  // A question of its own stands at the end; otherwise the caller is asked for more.
  return spoken.endsWith('?') ? say(scene, spoken) : join(say(scene, spoken), more);
}

type Result = Readonly<Record<string, unknown>>;

const phrases: Readonly<Record<string, (scene: Scene, result: Result) => string>> = {
  look_up_order: (_, result) => {
    const items = Array.isArray(result['items']) ? result['items'].map(text).join(' and the ') : '';
    const start = `Your order ${text(result['orderNumber'])}, the ${items},`;
    const day = text(result['day']);
    switch (result['status']) {
      case 'delivered':
        return `${start} was delivered ${day}.`;
      case 'cancelled':
        return `${start} is cancelled.`;
      default:
        return `${start} is ${text(result['status'])}${day === '' ? '' : ` and arrives ${day}`}.`;
    }
  },
  cancel_order: (_, result) =>
    result['cancelled'] === true
      ? `Order ${text(result['orderNumber'])} is cancelled, and you get ${text(result['refund'])} back.`
      : `I am sorry, I can not cancel order ${text(result['orderNumber'])}: it is ${text(result['status'])} already.`,
  start_return: (_, result) => {
    const kind = text(result['kind']);
    return result['started'] === true
      ? `I have started the ${kind}. Your return number is ${text(result['returnNumber'])}.`
      : `I can not start the ${kind} yet: order ${text(result['orderNumber'])} is ${text(result['status'])}.`;
  },
  check_refund: (_, result) => {
    const refund = result['refund'];
    if (typeof refund !== 'object' || refund === null) {
      return `There is no refund for order ${text(result['orderNumber'])}.`;
    }
    const { amount, state } = { amount: '', state: '', ...refund };
    return state === 'paid'
      ? `The refund of ${amount} has been paid.`
      : `The refund of ${amount} is ${state}.`;
  },
  send_invoice: (_, result) =>
    `I have sent the invoice of order ${text(result['orderNumber'])} to the email address that we have on file.`,
  open_ticket: (_, result) =>
    `I have opened ticket ${text(result['ticketNumber'])}. Somebody answers within ${text(result['answerWithin'])}.`,
  shop_information: (_, result) => text(result['answer']),
  check_stock: (_, result) => {
    const name = text(result['product']);
    const isPlural = name.endsWith('s');
    if (Number(result['inStock']) > 0) {
      return `Yes, the ${name} ${isPlural ? 'are' : 'is'} in stock, for ${text(result['price'])}.`;
    }
    const back = text(result['backInStock']);
    const again = back === '' ? '' : `; expected back ${back}`;
    return `I am sorry, the ${name} ${isPlural ? 'are' : 'is'} sold out at the moment${again}.`;
  },
  send_account_link: (_, result) =>
    `I have sent the link. It is valid for ${text(result['validMinutes'])} minutes.`,
  change_subscription: (_, result) =>
    result['action'] === 'cancel'
      ? `Your subscription is cancelled from ${text(result['from'])}.`
      : `You have the ${text(result['plan'])} plan from ${text(result['from'])}.`,
  troubleshooting_step: (_, result) =>
    result['instruction'] === null
      ? 'I have no more advice for that. Shall I open a ticket, so that a person looks into it?'
      : `${text(result['instruction'])} ${questionEndings.didHelp}`,
};

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** For tools that this model does not know: a text as it is, facts one by one. */
function plainResult(content: string, result: Result): string {
  for (const key of ['answer', 'message', 'text', 'summary', 'result']) {
    const value = text(result[key]);
    if (value !== '') return value;
  }
  const facts = Object.entries(result)
    .filter(([, value]) => text(value) !== '' || typeof value === 'boolean')
    .map(([key, value]) => {
      const name = key.replace(/([A-Z])/g, ' $1').toLowerCase();
      if (typeof value === 'boolean') return `${name}: ${value ? 'yes' : 'no'}`;
      return `${name}: ${text(value)}`;
    });
  if (facts.length > 0) return `This is what I have. ${facts.join(', ')}.`;
  return /^\s*[[{]/.test(content) || content.trim() === ''
    ? 'That is done.'
    : content.slice(0, 400);
}
