import type { Intent } from './intent.ts';

const isSupport = true;

export const paymentIntents: readonly Intent[] = [
  {
    name: 'payment-methods',
    summary: 'want to know how one can pay',
    isSupport,
    examples: [
      'how can i pay',
      '(what|which) (payment methods|ways to pay|kinds of payment) (do you (accept|take|have)|are there)',
      'do you (take|accept) (credit cards|paypal|cash|checks|visa|apple pay|debit cards)',
      'can i pay (with|by) (card|credit card|paypal|cash|bank transfer|invoice)',
      'can i pay (later|in parts|monthly)',
      'what (cards|credit cards) do you (take|accept)',
      'what are my payment options',
    ],
  },
  {
    name: 'payment-declined',
    summary: 'have a payment that was declined',
    isSupport,
    examples: [
      'my (payment|card|credit card) (was|is|got) (declined|rejected|refused)',
      'my (payment|card) (does not|did not|will not) (work|go through)',
      'i (can not|cannot|could not) pay',
      'there is (a problem|an error) with my (payment|card)',
      'the payment (failed|does not work|was not accepted)',
      'why was my card (declined|refused)',
      'it (will not|does not) (take|accept) my (card|payment)',
      'paying does not work',
    ],
  },
  {
    name: 'promo-code',
    summary: 'have a question about a promo code',
    isSupport,
    examples: [
      'my (promo|promotion|discount|coupon) code (does not work|is not working|is invalid|has expired)',
      'i have a (promo code|discount code|coupon|voucher|coupon code)',
      'how do i use (a|my) (promo code|discount code|coupon|voucher code)',
      'do you have (any |a |)(discount|discounts|coupons|promo codes|sales|special offers)',
      'where do i enter (my|the) (code|promo code|coupon)',
      'the (code|coupon|discount) was not (accepted|applied)',
      'can i get a discount',
    ],
  },
  {
    name: 'gift-card',
    summary: 'have a question about a gift card',
    isSupport,
    examples: [
      '(how do i use|i have|i got|i want to buy|do you sell|can i buy) (a|my) gift (card|voucher|certificate)',
      'what is the balance (of|on) my gift card',
      'my gift (card|voucher) does not work',
      'do you have gift (cards|certificates|vouchers)',
      'can i pay with a gift card',
      'a (present|gift) card for (someone|my mother)',
    ],
  },
  {
    name: 'loyalty-points',
    summary: 'have a question about loyalty points',
    isSupport,
    examples: [
      'how many (loyalty |reward |bonus |)points do i have',
      'how do (loyalty|reward|bonus) points work',
      'how can i (use|spend|redeem|collect|earn) my points',
      'do you have a (loyalty|rewards|bonus) (program|card)',
      'my (points|loyalty points|rewards) are (missing|gone)',
      'i did not get (my|any) points',
      'what are my points worth',
    ],
  },
  {
    name: 'cancel-subscription',
    summary: 'want to cancel your subscription',
    isSupport,
    examples: [
      '(i want to|i would like to|how do i|please|can i|) cancel my (subscription|membership|plan)',
      '(end|stop|quit) my (subscription|membership|plan)',
      'i (do not want|no longer want|do not need) (my|the) (subscription|membership) (any more|)',
      'unsubscribe me',
      'i want out of (my|the) (subscription|contract|membership)',
      'stop the (monthly|yearly) (payment|payments|subscription|charge)',
      'why do you charge me (each|every) month',
    ],
  },
  {
    name: 'change-plan',
    summary: 'want to change your plan',
    isSupport,
    examples: [
      '(i want to|i would like to|can i|please) (change|switch|upgrade|downgrade) my (plan|subscription|membership)',
      'upgrade (me |)to (the |)(plus|family|basic|bigger|premium) (plan|)',
      '(switch|change|downgrade|move) to (the|a) (basic|plus|family|cheaper|smaller|yearly) (plan|subscription)',
      'which (plans|subscriptions) (are there|do you have)',
      'i want (a bigger|a smaller|a cheaper|another) plan',
      'what does the (family|plus|basic) plan cost',
    ],
  },
];
