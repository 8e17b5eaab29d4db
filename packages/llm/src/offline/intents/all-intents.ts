import { accountIntents } from './account-intents.ts';
import { conversationIntents } from './conversation-intents.ts';
import type { Intent } from './intent.ts';
import { orderIntents } from './order-intents.ts';
import { paymentIntents } from './payment-intents.ts';
import { returnIntents } from './return-intents.ts';
import { shopIntents } from './shop-intents.ts';

export const allIntents: readonly Intent[] = [
  ...orderIntents,
  ...returnIntents,
  ...paymentIntents,
  ...accountIntents,
  ...shopIntents,
  ...conversationIntents,
];
