export interface DemoOrder {
  readonly orderNumber: string;
  readonly items: readonly string[];
  readonly total: string;
  readonly status: 'being packed' | 'on its way' | 'delivered' | 'cancelled';
  /** Said after "it arrives" or "it was delivered". */
  readonly day?: string;
  readonly refund?: { readonly state: 'paid' | 'on its way'; readonly amount: string };
}

/** A small shop that exists only in this project. Days have no dates, so that it never grows old. */
export const demoOrders: readonly DemoOrder[] = [
  {
    orderNumber: '4271',
    items: ['electric kettle'],
    total: '$39.90',
    status: 'on its way',
    day: 'on Thursday',
  },
  {
    orderNumber: '1055',
    items: ['desk lamp', 'backpack'],
    total: '$84.50',
    status: 'being packed',
    day: 'on Friday',
  },
  {
    orderNumber: '2813',
    items: ['running shoes'],
    total: '$69.00',
    status: 'delivered',
    day: 'last Monday',
  },
  {
    orderNumber: '3604',
    items: ['coffee machine'],
    total: '$249.00',
    status: 'on its way',
    day: 'tomorrow',
  },
  {
    orderNumber: '5190',
    items: ['rain jacket'],
    total: '$58.00',
    status: 'delivered',
    day: 'last week',
    refund: { state: 'on its way', amount: '$58.00' },
  },
  {
    orderNumber: '6427',
    items: ['speaker', 'headphones'],
    total: '$138.00',
    status: 'delivered',
    day: 'yesterday',
  },
  {
    orderNumber: '7738',
    items: ['vacuum cleaner'],
    total: '$119.00',
    status: 'being packed',
    day: 'on Saturday',
  },
  {
    orderNumber: '8042',
    items: ['coffee grinder'],
    total: '$45.00',
    status: 'cancelled',
    refund: { state: 'paid', amount: '$45.00' },
  },
];

export interface DemoProduct {
  readonly name: string;
  readonly price: string;
  readonly inStock: number;
  readonly backInStock?: string;
  /** What to try when it does not work, in order. */
  readonly steps: readonly string[];
}

const electric = [
  'Please check that the plug is all the way in, and try another socket.',
  'Please unplug it for one minute, then plug it in again and press the power button for three seconds.',
];
const charged = [
  'Please charge it for at least thirty minutes with the cable that came with it.',
  'Please hold the power button for ten seconds, until the light blinks twice. That resets it.',
];

export const demoProducts: readonly DemoProduct[] = [
  {
    name: 'electric kettle',
    price: '$39.90',
    inStock: 12,
    steps: [
      ...electric,
      'Please check that the kettle sits flat on its base, with the lid closed.',
    ],
  },
  {
    name: 'coffee machine',
    price: '$249.00',
    inStock: 3,
    steps: [...electric, 'Please take the water tank out, fill it and push it in until it clicks.'],
  },
  {
    name: 'coffee grinder',
    price: '$45.00',
    inStock: 0,
    backInStock: 'next week',
    steps: [
      ...electric,
      'Please check that the lid is locked: without it the grinder does not start.',
    ],
  },
  {
    name: 'vacuum cleaner',
    price: '$119.00',
    inStock: 5,
    steps: [...electric, 'Please empty the dust box and let it cool down for half an hour.'],
  },
  { name: 'desk lamp', price: '$29.50', inStock: 20, steps: electric },
  { name: 'speaker', price: '$79.00', inStock: 8, steps: charged },
  { name: 'headphones', price: '$59.00', inStock: 0, backInStock: 'in two weeks', steps: charged },
  { name: 'running shoes', price: '$69.00', inStock: 7, steps: [] },
  { name: 'rain jacket', price: '$58.00', inStock: 4, steps: [] },
  { name: 'backpack', price: '$55.00', inStock: 9, steps: [] },
];

export const shopAnswers = {
  'opening-hours':
    'Our stores are open from Monday to Saturday, from 9 am to 7 pm. On Sundays they are closed.',
  'store-locations':
    'We have two stores: one at 12 Harbor Street, and one at 80 Station Road, next to the main station.',
  'payment-methods':
    'You can pay by credit card, debit card, PayPal or gift card. Above $100 you can also pay in three monthly parts.',
  'payment-declined':
    'A payment is usually declined by the bank. Please check the card number and the limit of the card, or try another card. Your cart is kept for one day.',
  'promo-code':
    'A promo code goes into the field under your cart, without spaces. Each order takes one code, and a code is valid for 30 days.',
  'gift-card':
    'Gift cards come in $25, $50 and $100. To use one, enter its sixteen digits when you pay. The balance is shown in your account.',
  'size-guide':
    'Our shoes run half a size small, so please take the next larger one. Jackets are true to size.',
  'international-shipping':
    'We ship to Canada, Mexico and the European Union. It takes 7 to 10 days and costs $19.',
  'loyalty-points':
    'You collect one point for every dollar. 100 points are worth $5, and you see your points in your account.',
  warranty:
    'Everything that we sell has a warranty of two years. It covers faults of the product, but not wear.',
  privacy:
    'We use your data only for your orders, and we never sell it. You can ask for a copy of it, or have it deleted, at any time.',
  plans:
    'There are three plans: basic is free, plus is $5 a month with free shipping, and family is $9 a month for up to five people.',
  returns: 'You can return most things within 30 days, unused and in their box. Returns are free.',
} as const;
