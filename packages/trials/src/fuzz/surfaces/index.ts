import type { Surface } from '../surface.ts';
import { bus } from './bus.ts';
import { dataChannel } from './data-channel.ts';
import { decode } from './decode.ts';
import { http } from './http.ts';
import { plainRtp } from './plain-rtp.ts';
import { rtp } from './rtp.ts';
import { signalling } from './signalling.ts';

export const surfaces: readonly Surface[] = [
  http,
  signalling,
  dataChannel,
  plainRtp,
  rtp,
  bus,
  decode,
];
