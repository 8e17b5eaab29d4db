import { accountIntents } from './account-intents.ts';
import { conversationIntents } from './conversation-intents.ts';
import type { Intent } from './intent.ts';
import { orderIntents } from './order-intents.ts';
import { paymentIntents } from './payment-intents.ts';
import { shopIntents } from './shop-intents.ts';

export const allIntents: readonly Intent[] = [
  ...orderIntents,
  ...paymentIntents,
  ...accountIntents,
  ...shopIntents,
  ...conversationIntents,
];
