import { expect, test as base, type Page } from '@playwright/test';
import { cartesiaVoiceIds } from '@voicebus/speech/cartesia';
import { RedisServer } from '@voicebus/testing/bus-conformance';
import { CartesiaStandIn, toneOfVoice } from '@voicebus/testing/stand-ins/cartesia';
import { DeepgramStandIn } from '@voicebus/testing/stand-ins/deepgram';
import {
  OpenAIStandIn,
  type StandInAnswer,
  type StandInRequest,
} from '@voicebus/testing/stand-ins/openai';
import { freePort, toneMs, speak as synthesise, startAgentProcess } from '@voicebus/testing/system';
import { startProduct } from './servers.ts';
import { installSoundRecorder, takeHeard } from './voice/heard-sound.ts';
import { installSpokenMicrophone, speak } from './voice/spoken-microphone.ts';

/** What each stretch of speech says, in its order: the stand-in cannot understand a voice. */
const said = [
  'I need help with my order please',
  'Tell me everything about it',
  'Stop it now please',
  'Look up order four two seven one',
  'Are you still there my friend',
];
const longAnswer = Array.from({ length: 30 }, (_, index) => `part ${index + 1}`).join(', ');

interface CloudProduct {
  readonly url: string;
  readonly openai: OpenAIStandIn;
}

interface Places {
  readonly bus: 'local' | 'redis';
}

/** The whole product, its three services by the real SDKs at stand-ins on loopback. */
const test = base.extend<Places & { readonly product: CloudProduct }>({
  bus: ['local', { option: true }],
  product: [
    async ({ bus }, use) => {
      await using parts = new AsyncDisposableStack();
      let count = 0;
      const texts = (): string => said[count++] ?? '';
      // A machine that is taken away tears the sound: a gap of less than this is not the end of what was said.
      const deepgram = parts.use(await DeepgramStandIn.start({ texts, endSilenceMs: 700 }));
      const openai = parts.use(await OpenAIStandIn.start({ answers: answer }));
      const cartesia = parts.use(
        await CartesiaStandIn.start({ apiKey: 'sk_car_0123456789', msPerCharacter: 40 }),
      );
      const model = {
        OPENAI_API_KEY: 'sk-0123456789',
        OPENAI_BASE_URL: openai.url,
        OPENAI_MODEL: 'stand-in',
        // Each of the two is spoken on one of the buses.
        OPENAI_API: bus === 'local' ? 'responses' : 'chat',
      };
      const onBus: Record<string, string> = {};
      if (bus === 'redis') {
        const redis = parts.use(await RedisServer.start());
        Object.assign(onBus, { BUS: 'redis', REDIS_URL: redis.url });
        const env = { ...model, LLM: 'openai' };
        const starting = ['greeter', 'support'].map(async (role) => {
          const options = { role, redisUrl: redis.url, channel: 'voicebus', env };
          const agents = await startAgentProcess(options);
          parts.defer(() => agents.kill('SIGKILL'));
        });
        for (const started of await Promise.allSettled(starting))
          if (started.status === 'rejected') throw started.reason;
      }
      const transport = await freePort();
      const { web, agent } = await startProduct({
        transport,
        webEnvironment: { TRANSPORT_PORT: String(transport) },
        agentEnvironment: {
          ...onBus,
          ...model,
          DEEPGRAM_API_KEY: deepgram.key,
          DEEPGRAM_BASE_URL: deepgram.url,
          CARTESIA_API_KEY: cartesia.apiKey,
          CARTESIA_BASE_URL: cartesia.url,
        },
      });
      parts.defer(() => web.stop());
      parts.defer(() => agent.stop());
      await use({ url: web.url, openai });
    },
    { timeout: 60_000 },
  ],
});

/** The words that the model was asked about last, without regard to the API. */
function lastWords({ body }: StandInRequest): string {
  const items = 'input' in body ? body.input : 'messages' in body ? body.messages : [];
  return JSON.stringify(Array.isArray(items) ? items.at(-1) : items);
}

function answer(request: StandInRequest): StandInAnswer | string {
  const words = lastWords(request);
  if (words.includes('order please'))
    return {
      text: 'I connect you with support.',
      toolCalls: [
        {
          name: 'transfer_to_agent',
          arguments: { agent: 'support', reason: 'They have an order.' },
        },
      ],
    };
  if (words.includes('everything')) return longAnswer;
  if (words.includes('Stop it')) return 'I have stopped.';
  if (words.includes('Look up'))
    return {
      text: 'Let me look.',
      toolCalls: [{ name: 'look_up_order', arguments: { orderNumber: '4271' } }],
    };
  if (words.includes('still there')) return 'Yes I am here.';
  // With the tool's result the model takes its time: the caller speaks meanwhile.
  if (words.includes('4271')) return { text: 'It is on its way.', delayMs: 20_000 };
  return 'Good day, how can I help you?';
}

const lines = (page: Page) => page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');
const say = async (page: Page): Promise<void> => {
  await speak(page, await synthesise('flite-rms', 'hello there my good old friends'));
};

for (const bus of ['local', 'redis'] as const) {
  test.describe(`with real SDKs, on the ${bus} bus`, () => {
    test.use({ bus });
    test('a call by voice: another voice after the handoff, an interruption, a tool', async ({
      page,
      product,
    }) => {
      test.setTimeout(90_000);
      const agent = page.getByRole('status', { name: 'Agent' });
      await installSpokenMicrophone(page);
      await installSoundRecorder(page);
      await page.goto(product.url);
      await page.getByRole('button', { name: 'Start talking' }).click();
      await expect(lines(page).filter({ hasText: 'Good day' })).toBeVisible({ timeout: 20_000 });
      await expect(agent).toContainText(/Greeter.*listening/s, { timeout: 15_000 });
      // A page that is just starting has no time for the recorder yet.
      await takeHeard(page);

      await say(page);
      await expect(page.getByText('Now talking with Support')).toBeVisible({ timeout: 15_000 });
      await expect(agent).toContainText(/Support.*listening/s, { timeout: 15_000 });
      const heard = await takeHeard(page);
      for (const voice of [cartesiaVoiceIds.bright, cartesiaVoiceIds.deep])
        expect(toneMs(heard, toneOfVoice(voice))).toBeGreaterThan(500);

      // Interrupted: the model is never told that it said what nobody heard.
      await say(page);
      await expect(lines(page).filter({ hasText: 'part 4' })).toBeVisible({ timeout: 15_000 });
      await say(page);
      await expect(lines(page).filter({ hasText: 'I have stopped' })).toBeVisible({
        timeout: 15_000,
      });
      const afterStop = product.openai.requests.findLast((request) =>
        lastWords(request).includes('Stop it'),
      );
      const told = JSON.stringify(afterStop?.body);
      expect(told).toContain('part 1');
      expect(told).not.toContain('part 30');

      // The caller speaks while the model is busy with what the tool found.
      await expect(agent).toContainText(/Support.*listening/s, { timeout: 15_000 });
      await say(page);
      await expect(lines(page).filter({ hasText: 'Let me look' })).toBeVisible({ timeout: 15_000 });
      await expect
        .poll(
          () => product.openai.requests.filter((each) => lastWords(each).includes('4271')).length,
        )
        .toBeGreaterThan(0);
      await say(page);
      await expect(lines(page).filter({ hasText: 'Yes I am here' })).toBeVisible({
        timeout: 15_000,
      });
      const last = JSON.stringify(product.openai.requests.at(-1)?.body);
      expect(last).toContain('look_up_order');
      expect(last).toContain('4271');
    });
  });
}
