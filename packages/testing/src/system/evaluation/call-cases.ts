/** What one caller wants, in words of their own, and what counts as having got it. */
export interface CallCase {
  readonly need: string;
  /** The second attempt. */
  readonly inOtherWords: string;
  /** The support agent's tool whose answer is wanted. */
  readonly tool: string;
  /** Given digit by digit when it is asked for. */
  readonly orderNumber?: string;
  /** Words by which the caller knows their need when they are asked "did you say that …". */
  readonly about: RegExp;
}

/**
 * Written apart from everything that the dialogue model and the recogniser were made of, and never to be
 * used for making them better: what fails here shows a kind of failure, not a sentence to add.
 */
export const callCases: readonly CallCase[] = [
  {
    need: 'I have been waiting for my kettle, has it left your warehouse yet?',
    inOtherWords: 'Where is the parcel with my kettle right now?',
    tool: 'look_up_order',
    orderNumber: '4271',
    about: /where .*order|order is|status|arrive|deliver|on its way/i,
  },
  {
    need: "Could you check what's happening with something I bought last week?",
    inOtherWords: 'I would like to know how far my order has come.',
    tool: 'look_up_order',
    orderNumber: '1055',
    about: /where .*order|order is|status|arrive|deliver/i,
  },
  {
    need: "My coffee machine still isn't here, and I would like to know when it comes.",
    inOtherWords: 'On what day will my coffee machine arrive?',
    tool: 'look_up_order',
    orderNumber: '3604',
    about: /where .*order|order is|status|arrive|deliver|when/i,
  },
  {
    need: 'I changed my mind, please call off what I ordered.',
    inOtherWords: 'I want to cancel the order that I made.',
    tool: 'cancel_order',
    orderNumber: '7738',
    about: /cancel.* order|order.* cancel/i,
  },
  {
    need: "The running shoes don't fit me, I would like to send them back.",
    inOtherWords: 'The shoes are too tight, I want to return them.',
    tool: 'start_return',
    orderNumber: '2813',
    about: /return|send .*back|exchange/i,
  },
  {
    need: 'Can I swap my jacket for a bigger one?',
    inOtherWords: 'I need the same jacket one size larger.',
    tool: 'start_return',
    orderNumber: '5190',
    about: /exchange|swap|another size/i,
  },
  {
    need: 'I sent something back to you, where is my money?',
    inOtherWords: 'You have my return, when do I get paid back?',
    tool: 'check_refund',
    orderNumber: '5190',
    about: /refund|money/i,
  },
  {
    need: 'I need a bill for my tax papers.',
    inOtherWords: 'Please mail me the invoice of my order.',
    tool: 'send_invoice',
    orderNumber: '6427',
    about: /invoice|bill|receipt/i,
  },
  {
    need: 'The lamp that I got has a crack in it.',
    inOtherWords: 'My new lamp arrived broken.',
    tool: 'open_ticket',
    orderNumber: '1055',
    about: /damage|broken/i,
  },
  {
    need: "You shipped me somebody else's parcel.",
    inOtherWords: 'The things in my parcel are not what I ordered.',
    tool: 'open_ticket',
    orderNumber: '6427',
    about: /wrong/i,
  },
  {
    need: 'There were supposed to be headphones in the box, but I only found the speaker.',
    inOtherWords: 'One thing of my order was not in the parcel.',
    tool: 'open_ticket',
    orderNumber: '6427',
    about: /missing|incomplete|not .*box/i,
  },
  {
    need: 'How many more days until my parcel shows up?',
    inOtherWords: 'What day is my delivery going to be?',
    tool: 'look_up_order',
    orderNumber: '3604',
    about: /where .*order|order is|status|arrive|deliver|when|long/i,
  },
  {
    need: 'Until what time is your shop open tonight?',
    inOtherWords: 'When do you close today?',
    tool: 'shop_information',
    about: /open|hours|close/i,
  },
  {
    need: 'Where can I visit one of your shops?',
    inOtherWords: 'What is the address of your store?',
    tool: 'shop_information',
    about: /where .*(store|shop)|location|(store|shop).* (is|are)/i,
  },
  {
    need: 'Can I pay you with PayPal?',
    inOtherWords: 'Which ways of paying do you take?',
    tool: 'shop_information',
    about: /pay/i,
  },
  {
    need: 'The checkout keeps refusing my credit card.',
    inOtherWords: 'My card does not go through when I try to pay.',
    tool: 'shop_information',
    about: /declin|card|refus|payment/i,
  },
  {
    need: 'Where do I type in my discount code?',
    inOtherWords: 'How do I use a promotion code?',
    tool: 'shop_information',
    about: /code|promo|discount/i,
  },
  {
    need: 'My aunt gave me a gift card, how do I redeem it?',
    inOtherWords: 'How can I pay with a gift card?',
    tool: 'shop_information',
    about: /gift/i,
  },
  {
    need: 'Which shoe size should I pick if I am between two?',
    inOtherWords: 'Do your shoes run large or small?',
    tool: 'shop_information',
    about: /size/i,
  },
  {
    need: 'I live in Toronto, would you deliver to me?',
    inOtherWords: 'Do you ship to Canada?',
    tool: 'shop_information',
    about: /abroad|international|countr|canada|ship/i,
  },
  {
    need: 'How long is the guarantee on your products?',
    inOtherWords: 'Is there a warranty on what I buy?',
    tool: 'shop_information',
    about: /warranty|guarantee/i,
  },
  {
    need: 'What do you do with my personal data?',
    inOtherWords: 'How do you protect my privacy?',
    tool: 'shop_information',
    about: /data|privacy/i,
  },
  {
    need: 'Do you have the vacuum cleaner on the shelf right now?',
    inOtherWords: 'Is the vacuum cleaner in stock?',
    tool: 'check_stock',
    about: /stock|available/i,
  },
  {
    need: 'I would love to buy the headphones, can I get them today?',
    inOtherWords: 'Are the headphones available?',
    tool: 'check_stock',
    about: /stock|available/i,
  },
  {
    need: "I can't remember my password any more.",
    inOtherWords: 'I need a new password for my account.',
    tool: 'send_account_link',
    about: /password/i,
  },
  {
    need: 'I am moving house next month, so my address will be different.',
    inOtherWords: 'I have to change my home address.',
    tool: 'send_account_link',
    about: /address|mov/i,
  },
  {
    need: 'Please close my account for good.',
    inOtherWords: 'I want you to delete my account.',
    tool: 'send_account_link',
    about: /delete|close/i,
  },
  {
    need: "I don't want to pay for the monthly plan any longer.",
    inOtherWords: 'Please cancel my subscription.',
    tool: 'change_subscription',
    about: /subscription|plan/i,
  },
  {
    need: 'Let me talk to an actual human being.',
    inOtherWords: 'Can I speak with a person?',
    tool: 'open_ticket',
    about: /person|human|somebody|someone/i,
  },
  {
    need: "My speaker won't switch on since this morning.",
    inOtherWords: 'My speaker does not work, can you help me fix it?',
    tool: 'troubleshooting_step',
    about: /does not work|turn on|switch on|device|trouble|fix|broken/i,
  },
];
