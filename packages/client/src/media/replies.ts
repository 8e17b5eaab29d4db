import type {
  ConsumerOptions,
  DataConsumerOptions,
  RtpCapabilities,
  TransportOptions,
} from 'mediasoup-client/types';
import { CallError } from '../failure.ts';
import type { Joined } from '../signalling/signalling-client.ts';

type Reply = Readonly<Record<string, unknown>>;

/**
 * mediasoup's own parameter objects cross the wire unchecked by us: mediasoup-client checks every field
 * and throws. Only what we read ourselves is checked here.
 */
export const replies = {
  id(reply: Reply): string {
    if (typeof reply['id'] !== 'string') {
      throw new CallError('version-mismatch', 'A media reply came without an id');
    }
    return reply['id'];
  },
  transport(reply: Reply): TransportOptions {
    replies.id(reply);
    return reply as unknown as TransportOptions;
  },
  consumer(reply: Reply): ConsumerOptions {
    replies.id(reply);
    return reply as unknown as ConsumerOptions;
  },
  dataConsumer(reply: Reply): DataConsumerOptions {
    replies.id(reply);
    return reply as unknown as DataConsumerOptions;
  },
  routerCapabilities(joined: Joined): RtpCapabilities {
    return joined.routerRtpCapabilities;
  },
};
