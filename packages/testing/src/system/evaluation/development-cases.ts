import type { CallCase } from './call-cases.ts';

const whereabouts = /where .*order|order is|status|arrive|deliver|on its way|when/i;
const status = { tool: 'look_up_order', about: whereabouts };
const cancel = { tool: 'cancel_order', about: /cancel.* order|order.* cancel/i };
const goBack = { tool: 'start_return', about: /return|send .*back/i };
const exchange = { tool: 'start_return', about: /exchange|swap|another size|replace/i };
const refund = { tool: 'check_refund', about: /refund|money/i };
const invoice = { tool: 'send_invoice', about: /invoice|bill|receipt/i };
const damaged = { tool: 'open_ticket', about: /damage|broken/i };
const wrong = { tool: 'open_ticket', about: /wrong/i };
const missing = { tool: 'open_ticket', about: /missing|incomplete|not .*box/i };
const person = { tool: 'open_ticket', about: /person|human|somebody|someone/i };
const complaint = { tool: 'open_ticket', about: /complain|ticket/i };
const answer = (about: RegExp) => ({ tool: 'shop_information', about });
const stock = { tool: 'check_stock', about: /stock|available/i };
const account = (about: RegExp) => ({ tool: 'send_account_link', about });
const plan = { tool: 'change_subscription', about: /subscription|plan/i };
const repair = {
  tool: 'troubleshooting_step',
  about: /does not work|turn on|switch on|device|trouble|fix|broken/i,
};

const sentence = (
  need: string,
  inOtherWords: string,
  wanted: Omit<CallCase, 'need' | 'inOtherWords'>,
) => ({
  need,
  inOtherWords,
  ...wanted,
});
const order = <Wanted extends object>(wanted: Wanted, orderNumber: string) => ({
  ...wanted,
  orderNumber,
});

/**
 * To look at and to tune on, as often as one likes; none of it stands in the dialogue model's examples.
 * What it gains counts only when `callCases`, which nobody tunes on, follow.
 */
export const developmentCases: readonly CallCase[] = [
  sentence(
    'Hello, I ordered a toaster two weeks ago and nothing has turned up so far.',
    'Please find out where my toaster has got to.',
    order(status, '4271'),
  ),
  sentence(
    'The website says my package is out for delivery, but nobody has come.',
    'Can you trace my package for me?',
    order(status, '3604'),
  ),
  sentence(
    'Is there any news on the backpack that I bought?',
    "I'd like an update about my purchase.",
    order(status, '1055'),
  ),
  sentence(
    'By what date should I have my vacuum cleaner?',
    'When is it going to be delivered?',
    order(status, '7738'),
  ),
  sentence(
    'Will my desk lamp get here before the weekend?',
    'How long do I have to wait for my order?',
    order(status, '1055'),
  ),
  sentence(
    "I haven't received my books, and the date you gave me has passed.",
    'My delivery is late.',
    order(status, '4271'),
  ),
  sentence(
    "I'd rather not have the blender after all, is it possible to cancel?",
    'Cancel the blender, please.',
    order(cancel, '7738'),
  ),
  sentence(
    'My wife bought the same thing, so we have no use for my order now.',
    'I would like you to cancel it.',
    order(cancel, '1055'),
  ),
  sentence(
    'I pressed the buy button twice by accident, please take one order off.',
    'One of my orders has to be cancelled.',
    order(cancel, '7738'),
  ),
  sentence(
    "This sweater isn't what I hoped for, how can I give it back?",
    'I want to return a sweater.',
    order(goBack, '2813'),
  ),
  sentence(
    'The speaker sounds awful, so I am sending it back to you.',
    'Please tell me how I send the speaker back.',
    order(goBack, '6427'),
  ),
  sentence(
    'What do I have to do to return a pair of boots?',
    'I need to bring back the boots that I bought.',
    order(goBack, '2813'),
  ),
  sentence(
    'The dress is too long, do you have it one size smaller?',
    'I want another size of the dress.',
    order(exchange, '2813'),
  ),
  sentence(
    'I got these trousers in medium but I need them in large.',
    'Please exchange the trousers for a larger size.',
    order(exchange, '5190'),
  ),
  sentence(
    'I would prefer the black bag to the brown one, could we trade?',
    'I would like to exchange the color.',
    order(exchange, '2813'),
  ),
  sentence(
    'My return arrived at your place ages ago and I still have no refund.',
    'When will the refund get to my bank?',
    order(refund, '5190'),
  ),
  sentence(
    'You promised to pay me back for the coffee grinder.',
    'Where is the refund for my coffee grinder?',
    order(refund, '8042'),
  ),
  sentence(
    'Have you already transferred the money for the jacket that I returned?',
    'I want to know about my refund.',
    order(refund, '5190'),
  ),
  sentence(
    'My company wants a receipt for the headphones.',
    'Could you send me a receipt?',
    order(invoice, '6427'),
  ),
  sentence(
    'I threw the invoice away, may I have a new one?',
    'I need another copy of the invoice.',
    order(invoice, '2813'),
  ),
  sentence(
    'How do I get a bill with my company name on it?',
    'Please send the bill to me by email.',
    order(invoice, '3604'),
  ),
  sentence(
    'The plates were in pieces when I took them out of the carton.',
    'My plates came broken.',
    order(damaged, '1055'),
  ),
  sentence(
    'There are deep scratches all over my new table.',
    'The table was damaged when it came.',
    order(damaged, '6427'),
  ),
  sentence(
    'Somebody must have dropped my parcel, the mirror inside is shattered.',
    'The mirror is damaged.',
    order(damaged, '2813'),
  ),
  sentence(
    'I ordered a red scarf and what came is green.',
    'You sent me the wrong color.',
    order(wrong, '2813'),
  ),
  sentence(
    "There is a toy in my package that I didn't ask for.",
    'I received the wrong product.',
    order(wrong, '6427'),
  ),
  sentence(
    "The label has my name on it, but inside are another customer's things.",
    "You gave me another customer's order.",
    order(wrong, '6427'),
  ),
  sentence(
    'I paid for three shirts and found just two of them.',
    'One shirt is missing.',
    order(missing, '2813'),
  ),
  sentence(
    'The power cable is nowhere in the carton.',
    'The cable is missing from my order.',
    order(missing, '6427'),
  ),
  sentence(
    'You left the manual and the screws out of my package.',
    'Some parts are missing.',
    order(missing, '6427'),
  ),
  sentence(
    'Are you open on Sunday mornings?',
    'On which days is the store open?',
    answer(/open|hours|close/i),
  ),
  sentence(
    'I finish work at six, will I still get into your shop?',
    'How late is your shop open?',
    answer(/open|hours|close/i),
  ),
  sentence(
    'Is there a branch of yours close to the station?',
    'Tell me where your stores are.',
    answer(/where .*(store|shop)|location|(store|shop).* (is|are)/i),
  ),
  sentence(
    'I would like to look at the lamps in person, where do I have to go?',
    'How do I find your store?',
    answer(/where .*(store|shop)|location|(store|shop).* (is|are)/i),
  ),
  sentence('Could I pay in cash when it is delivered?', 'How can I pay?', answer(/pay/i)),
  sentence('Is it okay to pay a little every month?', 'Do you offer installments?', answer(/pay/i)),
  sentence(
    'Your website will not take my visa card.',
    'My payment was rejected.',
    answer(/declin|card|refus|payment/i),
  ),
  sentence(
    'I always get an error when I want to pay.',
    'The payment does not work.',
    answer(/declin|card|refus|payment/i),
  ),
  sentence(
    'The coupon from your newsletter has no effect.',
    'My coupon is not accepted.',
    answer(/code|promo|discount|coupon/i),
  ),
  sentence(
    'Is there a sale on at the moment?',
    'Do you have any discounts?',
    answer(/code|promo|discount/i),
  ),
  sentence(
    'How much credit is left on my gift voucher?',
    'I want to check the balance of a gift card.',
    answer(/gift/i),
  ),
  sentence(
    'I need a birthday present, do you sell gift cards?',
    'I want to buy a gift certificate.',
    answer(/gift/i),
  ),
  sentence(
    'I usually wear a medium, is that right for your jackets too?',
    'How do I find out my size?',
    answer(/size/i),
  ),
  sentence('Are your boots wide or narrow?', 'How do the shoes fit?', answer(/size/i)),
  sentence(
    'My sister is in Mexico, could you send her a lamp?',
    'Do you deliver to other countries?',
    answer(/abroad|international|countr|mexico|ship/i),
  ),
  sentence(
    'What do you charge for sending something overseas?',
    'How much is international shipping?',
    answer(/abroad|international|countr|ship/i),
  ),
  sentence(
    'My grinder gave up after eight months, is that covered?',
    'Is my grinder still under warranty?',
    answer(/warranty|guarantee/i),
  ),
  sentence(
    'What happens if the machine breaks next year?',
    'How many years of warranty do I get?',
    answer(/warranty|guarantee/i),
  ),
  sentence(
    'Are you saving what I say on this call?',
    'Do you record our conversation?',
    answer(/data|privacy|record/i),
  ),
  sentence(
    'Who else gets to see my telephone number?',
    'Do you sell my information?',
    answer(/data|privacy/i),
  ),
  sentence(
    'How many points did I collect this year?',
    'What can I do with my bonus points?',
    answer(/point|loyal/i),
  ),
  sentence('Are there any kettles left?', 'Is the kettle available?', stock),
  sentence('When will you get new coffee grinders?', 'Is the coffee grinder back in stock?', stock),
  sentence('How expensive is the backpack in your window?', 'What does the backpack cost?', stock),
  sentence(
    'I tried every password I know, and none of them works.',
    'Please reset my password.',
    account(/password/i),
  ),
  sentence(
    'Your page says that my account has been blocked.',
    'Could you unlock my account?',
    account(/lock/i),
  ),
  sentence(
    'I have a new email, can you put that into my profile?',
    'I want to change my email address.',
    account(/email/i),
  ),
  sentence(
    'From May on I am living in another street, please make a note of it.',
    'I have got a new address.',
    account(/address|mov/i),
  ),
  sentence(
    "I don't shop with you any longer, so remove my profile.",
    'Delete all of my data and my account.',
    account(/delete|close/i),
  ),
  sentence(
    'Every month you take five dollars off me, I want that to end.',
    'I want to end my membership.',
    plan,
  ),
  sentence("I never use the membership, let's stop it.", 'Cancel my membership.', plan),
  sentence(
    'Is there somebody I can talk to who is not a computer?',
    'I want to speak to an employee.',
    person,
  ),
  sentence('Please have one of your people ring me tomorrow.', 'Can someone call me back?', person),
  sentence(
    'Your driver shouted at me, that was really rude.',
    'I want to complain about your driver.',
    complaint,
  ),
  sentence(
    'My kettle gets hot but never switches itself off.',
    'There is a problem with my kettle, it does not work.',
    repair,
  ),
  sentence(
    'No sound comes out of my headphones on the left side.',
    'My headphones do not work.',
    repair,
  ),
  sentence(
    'The vacuum cleaner has stopped sucking, what can I do?',
    'My vacuum cleaner is broken, please help me to repair it.',
    repair,
  ),
];
