/** What has to be known and agreed before a support intent's tool is called. */
export type Flow =
  /** Needs an order number that the caller has confirmed; `isAction` also needs their yes. */
  | {
      readonly type: 'order';
      readonly tool: string;
      readonly isAction: boolean;
      readonly fixed?: Readonly<Record<string, string>>;
    }
  | { readonly type: 'information'; readonly topic: string }
  /** Needs a yes to `Shall I …?`. */
  | {
      readonly type: 'action';
      readonly tool: string;
      readonly offer: string;
      readonly fixed: Readonly<Record<string, string>>;
    }
  | { readonly type: 'stock' }
  | { readonly type: 'plan' }
  | { readonly type: 'troubleshooting' }
  | { readonly type: 'transfer' }
  | { readonly type: 'ask' };

const link = (purpose: string, offer: string): Flow => ({
  type: 'action',
  tool: 'send_account_link',
  offer: `send ${offer} to the email address that we have on file`,
  fixed: { purpose },
});
const ticket = (kind: string, offer: string): Flow => ({
  type: 'action',
  tool: 'open_ticket',
  offer,
  fixed: { kind },
});
const aboutOrder = (tool: string, fixed?: Readonly<Record<string, string>>): Flow => ({
  type: 'order',
  tool,
  isAction: fixed !== undefined || tool === 'cancel_order' || tool === 'send_invoice',
  ...(fixed === undefined ? {} : { fixed }),
});
const information = (topic: string): Flow => ({ type: 'information', topic });

const flows: Readonly<Record<string, Flow>> = {
  'order-status': aboutOrder('look_up_order'),
  'delivery-time': aboutOrder('look_up_order'),
  'cancel-order': aboutOrder('cancel_order'),
  'return-item': aboutOrder('start_return', { kind: 'return' }),
  'exchange-item': aboutOrder('start_return', { kind: 'exchange' }),
  'refund-status': aboutOrder('check_refund'),
  invoice: aboutOrder('send_invoice'),
  'damaged-item': aboutOrder('open_ticket', { kind: 'damaged-item' }),
  'wrong-item': aboutOrder('open_ticket', { kind: 'wrong-item' }),
  'missing-item': aboutOrder('open_ticket', { kind: 'missing-item' }),
  'change-address': link('change-address', 'a link for the new address'),
  'password-reset': link('password-reset', 'a link for a new password'),
  'account-locked': link('account-locked', 'a link that unlocks your account'),
  'change-email': link('change-email', 'a link to change it'),
  'delete-account': link('delete-account', 'a link that deletes your account'),
  'cancel-subscription': {
    type: 'action',
    tool: 'change_subscription',
    offer: 'cancel your subscription',
    fixed: { action: 'cancel' },
  },
  'change-plan': { type: 'plan' },
  complaint: ticket('complaint', 'open a ticket, so that somebody looks into it'),
  'human-agent': ticket('human-agent', 'open a ticket, so that a person calls you back'),
  'stock-check': { type: 'stock' },
  troubleshooting: { type: 'troubleshooting' },
  'back-to-greeter': { type: 'transfer' },
  'support-please': { type: 'ask' },
};

const informationTopics = new Set([
  'opening-hours',
  'store-locations',
  'payment-methods',
  'payment-declined',
  'promo-code',
  'gift-card',
  'size-guide',
  'international-shipping',
  'loyalty-points',
  'warranty',
  'privacy',
]);

export function flowOf(intentName: string): Flow | undefined {
  return informationTopics.has(intentName) ? information(intentName) : flows[intentName];
}
