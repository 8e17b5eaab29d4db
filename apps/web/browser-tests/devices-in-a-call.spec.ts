import { expect, type Page } from '@playwright/test';
import { test } from './product.ts';

const connection = (page: Page) => page.getByRole('status', { name: 'Connection' });
const lines = (page: Page) => page.getByRole('log', { name: 'Transcript' }).getByRole('listitem');

/** Microphones that the test plugs in, unplugs and silences; the first is a quiet room. */
async function installMicrophones(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const given: MediaStreamTrack[] = [];
    let context: AudioContext | null = null;
    let trouble: string | null = null;
    let silent = false;
    navigator.mediaDevices.getUserMedia = async () => {
      if (trouble !== null) throw new DOMException('no', trouble);
      context ??= new AudioContext();
      await context.resume();
      const microphone = context.createMediaStreamDestination();
      const room = context.createBuffer(1, context.sampleRate, context.sampleRate);
      const noise = room.getChannelData(0);
      for (let index = 0; index < noise.length; index += 1)
        noise[index] = silent ? 0 : (Math.random() - 0.5) * 0.003;
      const source = new AudioBufferSourceNode(context, { buffer: room, loop: true });
      source.connect(microphone);
      source.start();
      const [track] = microphone.stream.getAudioTracks();
      if (track) given.push(track);
      return microphone.stream;
    };
    window.microphones = {
      unplug(others) {
        trouble = others;
        const track = given.at(-1);
        track?.stop();
        track?.dispatchEvent(new Event('ended'));
      },
      plugIn() {
        trouble = null;
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      },
      beSilent(isSilent) {
        silent = isSilent;
      },
    };
  });
}

async function startTalking(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('button', { name: 'Start talking' }).click();
  await expect(connection(page)).toHaveText('Live', { timeout: 20_000 });
}

test('a microphone that is unplugged is replaced, and the call goes on', async ({ page }) => {
  await installMicrophones(page);
  await startTalking(page);
  await expect(page.getByText('The agent hears you')).toBeVisible();
  await page.evaluate(() => window.microphones.unplug(null));
  await expect(page.getByText(/is gone\. You are heard by/)).toBeVisible();
  await expect(page.getByText('The agent hears you')).toBeVisible();
  await expect(connection(page)).toHaveText('Live');
});

test('the only microphone unplugged says so, and works again once it is back', async ({ page }) => {
  await installMicrophones(page);
  await startTalking(page);
  await page.evaluate(() => window.microphones.unplug('NotFoundError'));
  await expect(
    page.getByRole('alert').filter({ hasText: 'The microphone was unplugged' }),
  ).toBeVisible();
  await expect(connection(page)).toHaveText('Live');
  await expect(page.getByRole('textbox', { name: 'Type a message' })).toBeVisible();
  await page.evaluate(() => window.microphones.plugIn());
  await expect(page.getByText('The agent hears you')).toBeVisible();
});

test('permission that is taken back in a call is no end of it', async ({ page }) => {
  await installMicrophones(page);
  await startTalking(page);
  await page.evaluate(() => window.microphones.unplug('NotAllowedError'));
  const alert = page.getByRole('alert').filter({ hasText: 'The microphone is blocked' });
  await expect(alert).toBeVisible();
  await expect(connection(page)).toHaveText('Live');
  await page.evaluate(() => window.microphones.plugIn());
  await expect(alert).toBeHidden();
});

test('a microphone that gives nothing is named after three seconds', async ({ page }) => {
  await installMicrophones(page);
  await page.addInitScript(() => window.microphones.beSilent(true));
  await startTalking(page);
  await expect(page.getByRole('alert').filter({ hasText: 'We hear nothing from' })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Microphone' })).toBeVisible();
});

test('mute and push to talk have words of their own', async ({ page }) => {
  await installMicrophones(page);
  await startTalking(page);
  await page.getByRole('button', { name: 'Mute', exact: true }).click();
  await expect(page.getByText('You are muted. Nothing leaves this device.')).toBeVisible();
  await page.getByRole('button', { name: 'Unmute' }).click();
  await page.getByRole('switch', { name: 'Push to talk' }).click();
  await expect(page.getByText('Not listening. Hold the button')).toBeVisible();
  await page.keyboard.down('t');
  await expect(page.getByText('The agent hears you')).toBeVisible();
  await page.keyboard.up('t');
  await expect(page.getByText('Not listening')).toBeVisible();
  await page.getByRole('switch', { name: 'Push to talk' }).click();
});

test('sound that the browser keeps off is one click away, and its words are not lost', async ({
  page,
}) => {
  await installMicrophones(page);
  await page.addInitScript(() => {
    const play = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'play')?.value as
      | ((this: HTMLMediaElement) => Promise<void>)
      | undefined;
    let refused = false;
    HTMLMediaElement.prototype.play = function (this: HTMLMediaElement) {
      // The first time there was no click that the browser takes for one.
      if (refused && play) return play.call(this);
      refused = true;
      this.autoplay = false;
      return Promise.reject(new DOMException('no click', 'NotAllowedError'));
    };
  });
  await startTalking(page);
  const alert = page.getByRole('alert').filter({ hasText: 'keeps the sound off' });
  await expect(alert).toBeVisible();
  await expect(lines(page).first()).toHaveText(/^Greeter .{10}/);
  expect(await page.evaluate(() => window.voicebus?.playback.level())).toBe(0);
  await alert.getByRole('button', { name: 'Turn sound on' }).click();
  await expect(alert).toBeHidden();
  await page.getByRole('textbox', { name: 'Type a message' }).fill('I want to talk to support');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.waitForFunction(() => (window.voicebus?.playback.level() ?? 0) > 0.01);
});

declare global {
  interface Window {
    microphones: {
      /** Ends the track in use; `others` is why no other one opens, or null when one does. */
      unplug(others: string | null): void;
      plugIn(): void;
      beSilent(isSilent: boolean): void;
    };
  }
}
