import { z } from 'zod';
import { demoOrders, demoProducts, shopAnswers } from './shop-data.ts';

/** A tool as plain data: whoever hosts the agent wraps it into its own form. */
export interface DemoShopTool<Parameters extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly parameters: Parameters;
  /** The same arguments give the same result; nothing is kept between calls. */
  readonly execute: (given: unknown) => Readonly<Record<string, unknown>>;
}

function defineTool<Parameters extends z.ZodType>(
  name: string,
  description: string,
  tool: {
    readonly parameters: Parameters;
    readonly execute: (given: z.infer<Parameters>) => Readonly<Record<string, unknown>>;
  },
): DemoShopTool<Parameters> {
  const { parameters, execute } = tool;
  return { name, description, parameters, execute: (given) => execute(parameters.parse(given)) };
}

const orderNumber = z
  .string()
  .regex(/^\d{4}$/)
  .describe('The four digits of the order number.');
const product = z.enum(demoProducts.map(({ name }) => name)).describe('Name of the product.');
const topics = z.enum(
  Object.keys(shopAnswers) as [keyof typeof shopAnswers, ...(keyof typeof shopAnswers)[]],
);
const ticketKinds = [
  'damaged-item',
  'wrong-item',
  'missing-item',
  'complaint',
  'human-agent',
  'troubleshooting',
  'other',
] as const;

const findOrder = (number: string) => demoOrders.find((order) => order.orderNumber === number);
const notFound = (number: string) => ({ found: false, orderNumber: number });

/** Support's tools over the demo shop's data. */
export const demoShopTools: readonly DemoShopTool[] = [
  defineTool('look_up_order', 'Finds an order: its items, where it is, and when it arrives.', {
    parameters: z.object({ orderNumber }),
    execute: ({ orderNumber: number }) => {
      const order = findOrder(number);
      return order === undefined ? notFound(number) : { found: true, ...order };
    },
  }),
  defineTool('cancel_order', 'Cancels an order that has not been sent. Ask for a yes before.', {
    parameters: z.object({ orderNumber }),
    execute: ({ orderNumber: number }) => {
      const order = findOrder(number);
      if (order === undefined) return notFound(number);
      if (order.status !== 'being packed') {
        return { found: true, orderNumber: number, cancelled: false, status: order.status };
      }
      return { found: true, orderNumber: number, cancelled: true, refund: order.total };
    },
  }),
  defineTool('start_return', 'Starts a return or an exchange of a delivered order.', {
    parameters: z.object({ orderNumber, kind: z.enum(['return', 'exchange']) }),
    execute: ({ orderNumber: number, kind }) => {
      const order = findOrder(number);
      if (order === undefined) return notFound(number);
      if (order.status !== 'delivered') {
        return { found: true, orderNumber: number, kind, started: false, status: order.status };
      }
      return { found: true, orderNumber: number, kind, started: true, returnNumber: `R${number}` };
    },
  }),
  defineTool('check_refund', 'Says whether an order has a refund and whether it is paid.', {
    parameters: z.object({ orderNumber }),
    execute: ({ orderNumber: number }) => {
      const order = findOrder(number);
      if (order === undefined) return notFound(number);
      return { found: true, orderNumber: number, refund: order.refund ?? null };
    },
  }),
  defineTool('send_invoice', 'Sends the invoice of an order to the email address on file.', {
    parameters: z.object({ orderNumber }),
    execute: ({ orderNumber: number }) =>
      findOrder(number) === undefined
        ? notFound(number)
        : { found: true, orderNumber: number, sent: true },
  }),
  defineTool('open_ticket', 'Opens a ticket that a person answers. Ask for a yes before.', {
    parameters: z.object({
      kind: z.enum(ticketKinds),
      orderNumber: orderNumber.optional(),
      note: z.string().max(500).describe('What it is about, in one sentence.'),
    }),
    execute: ({ kind, orderNumber: number = '' }) => {
      if (number !== '' && findOrder(number) === undefined) return notFound(number);
      const ticketNumber = `T${1000 + ticketKinds.indexOf(kind) * 100 + (Number(number) % 100)}`;
      return { ticketNumber, answerWithin: 'one working day' };
    },
  }),
  defineTool('shop_information', 'What the shop says about a topic, word for word.', {
    parameters: z.object({ topic: topics }),
    execute: ({ topic }) => ({ topic, answer: shopAnswers[topic] }),
  }),
  defineTool('check_stock', 'Whether a product is in stock, and its price.', {
    parameters: z.object({ product }),
    execute: ({ product: name }) => {
      const found = demoProducts.find((candidate) => candidate.name === name);
      const { inStock = 0, price = '', backInStock = null } = found ?? {};
      return { product: name, inStock, price, backInStock };
    },
  }),
  defineTool(
    'send_account_link',
    'Sends a link to the email address on file. Ask for a yes before.',
    {
      parameters: z.object({
        purpose: z.enum([
          'password-reset',
          'account-locked',
          'change-email',
          'delete-account',
          'change-address',
        ]),
      }),
      execute: ({ purpose }) => ({ purpose, sent: true, validMinutes: 30 }),
    },
  ),
  defineTool('change_subscription', "Cancels or changes the caller's plan. Ask for a yes before.", {
    parameters: z.object({
      action: z.enum(['cancel', 'change']),
      plan: z.enum(['basic', 'plus', 'family']).optional(),
    }),
    execute: ({ action, plan = null }) => ({
      action,
      plan,
      done: true,
      from: 'the first of next month',
    }),
  }),
  defineTool('troubleshooting_step', 'One thing to try with a device that does not work.', {
    parameters: z.object({ product, step: z.number().int().min(1).max(9) }),
    execute: ({ product: name, step }) => {
      const steps = demoProducts.find((candidate) => candidate.name === name)?.steps ?? [];
      const instruction = steps[step - 1] ?? null;
      return { product: name, step, instruction, isLast: step >= steps.length };
    },
  }),
];
