import type { Page } from '@playwright/test';

/** Records, at 16 kHz mono, whatever the page plays through its `<audio>` element. */
export async function installSoundRecorder(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let samples: number[] = [];
    const descriptor = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
    if (!descriptor?.set) throw new Error('This browser has no srcObject.');
    const { set } = descriptor;
    Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
      ...descriptor,
      set(this: HTMLMediaElement, stream: MediaStream | null) {
        set.call(this, stream);
        if (stream) record(stream);
      },
    });
    window.heardSound = {
      take() {
        const pcm = Int16Array.from(
          samples,
          (sample) => Math.max(-1, Math.min(1, sample)) * 32_767,
        );
        samples = [];
        let binary = '';
        for (const byte of new Uint8Array(pcm.buffer)) binary += String.fromCharCode(byte);
        return btoa(binary);
      },
    };

    function record(stream: MediaStream): void {
      // The context resamples, and a processor node needs no module that a content policy might refuse.
      const context = new AudioContext({ sampleRate: 16_000 });
      const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
      const tap = context.createScriptProcessor(1024, 1, 1);
      tap.onaudioprocess = (event) => {
        for (const sample of event.inputBuffer.getChannelData(0)) samples.push(sample);
      };
      source.connect(tap);
      tap.connect(context.destination);
    }
  });
}

/** What was heard since the last time this was asked. */
export async function takeHeard(page: Page): Promise<Int16Array> {
  const bytes = Buffer.from(await page.evaluate(() => window.heardSound.take()), 'base64');
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

declare global {
  interface Window {
    heardSound: { take(): string };
  }
}
