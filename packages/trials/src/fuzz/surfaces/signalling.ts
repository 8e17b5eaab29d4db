import { clientMessageSchema, type ServerMessage } from '@voicebus/protocol';
import type { SeededRandom } from '@voicebus/testing';
import { startAttackedAgent } from '../attacked-agent.ts';
import { BadPage } from '../bad-page.ts';
import { anyBytes } from '../garbage/bytes.ts';
import { anyText } from '../garbage/json.ts';
import { anyClientMessage, anyMessageText } from '../garbage/signalling.ts';
import type { Surface } from '../surface.ts';

/** What other pages left behind, for those that come after them to misuse. */
interface Loot {
  readonly tokens: object[];
  readonly transportIds: string[];
}

type Joined = Extract<ServerMessage, { type: 'joined' }>;
const isJoined = (message: ServerMessage): message is Joined => message.type === 'joined';
const maxLoot = 50;

/** Pages that say wrong things, too much, in the wrong order, or with what belongs to others. */
export const signalling: Surface = {
  name: 'signalling',
  concurrency: 4,
  open: async () => {
    const { url, violations, close } = await startAttackedAgent({ PLAIN_RTP: 'on' });
    const loot: Loot = { tokens: [{ joinToken: 'x' }], transportIds: [] };
    return { violations, close, attack: (random) => attack(url, loot, random) };
  },
};

async function attack(url: string, loot: Loot, random: SeededRandom): Promise<string> {
  const audio = random.next() < 0.5;
  const { joinToken, connectUrl } = await BadPage.place(url, audio);
  const page = new BadPage(connectUrl);
  await page.open();
  try {
    if (random.next() < 0.9) {
      page.hello({ joinToken });
      const joined = await page.until(isJoined);
      if (!joined) {
        const why = `${await page.closed} ${JSON.stringify(page.messages)}`;
        throw new Error(`a good token was refused: ${why}`);
      }
      keep(loot.tokens, random.next() < 0.5 ? { joinToken } : { resumeToken: joined.resumeToken });
    }
    // Wrong messages end the socket at once; what is right in form gets further.
    const send = random.next() < 0.3 ? sendAnything : sendWellFormed;
    for (let count = random.between(1, 30); count > 0; count -= 1) send(page, loot, random);
    const outcome = await page.outcome();
    return `${audio ? 'call' : 'text call'} ${outcome}${failuresOf(page)}`;
  } finally {
    for (const message of page.messages) {
      const id = message.type === 'reply' ? message.data['id'] : undefined;
      if (typeof id === 'string') keep(loot.transportIds, id);
    }
    page.close();
    await endCall(connectUrl, page);
  }
}

function sendWellFormed(page: BadPage, { transportIds }: Loot, random: SeededRandom): void {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const message = clientMessageSchema.safeParse(anyClientMessage(random, transportIds));
    const isEnd = message.data?.type === 'end-call' && random.next() < 0.8;
    if (!message.success || isEnd) continue;
    page.send(JSON.stringify(message.data));
    return;
  }
}

function sendAnything(page: BadPage, { tokens, transportIds }: Loot, random: SeededRandom): void {
  const how = random.next();
  if (how < 0.06) page.hello(random.pick(tokens));
  else if (how < 0.08) page.hello({ resumeToken: anyText(random), lastEventSequence: -5 });
  else if (how < 0.1) page.send(anyBytes(random, random.between(0, 200)) as Buffer<ArrayBuffer>);
  else if (how < 0.11) {
    for (let count = 0; count < 400; count += 1) page.send('{"type":"clock-ping","clientMs":0}');
  } else page.send(anyMessageText(random, transportIds));
}

/** Otherwise every call would be kept for half a minute, and there would be a thousand of them. */
async function endCall(connectUrl: string, page: BadPage): Promise<void> {
  const resumeToken = page.messages.findLast(isJoined)?.resumeToken;
  if (resumeToken === undefined) return;
  const back = new BadPage(connectUrl);
  await back.open();
  back.hello({ resumeToken });
  if (await back.until(isJoined)) back.send('{"type":"end-call"}');
  await back.closed;
}

function failuresOf({ messages }: BadPage): string {
  const failures = messages.filter(({ type }) => type === 'failure').length;
  return failures > 0 ? ' with refusals' : '';
}

function keep<Value>(values: Value[], value: Value): void {
  values.push(value);
  if (values.length > maxLoot) values.shift();
}
