import type { Page } from '@playwright/test';

/** When something was said, on the page's clock. */
export interface Said {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * A microphone that the test speaks into: `getUserMedia` gives a stream that is silent until
 * `speak` plays 16 kHz samples into it.
 */
export async function installSpokenMicrophone(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const context = new AudioContext();
    const microphone = context.createMediaStreamDestination();
    // A quiet room at about −60 dBFS: a real microphone is never silent.
    const room = context.createBuffer(1, context.sampleRate, context.sampleRate);
    const noise = room.getChannelData(0);
    for (let index = 0; index < noise.length; index += 1)
      noise[index] = (Math.random() - 0.5) * 0.003;
    const quiet = new AudioBufferSourceNode(context, { buffer: room, loop: true });
    quiet.connect(microphone);
    quiet.start();
    navigator.mediaDevices.getUserMedia = async () => {
      await context.resume();
      return microphone.stream.clone();
    };
    window.testMicrophone = {
      speak(base64) {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const samples = new Int16Array(bytes.buffer);
        const buffer = context.createBuffer(1, samples.length, 16_000);
        buffer.copyToChannel(
          Float32Array.from(samples, (sample) => sample / 32_768),
          0,
        );
        const source = new AudioBufferSourceNode(context, { buffer });
        source.connect(microphone);
        const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
        const startAt = context.currentTime + 0.02;
        const startMs = performanceTime + (startAt - contextTime) * 1000;
        source.start(startAt);
        return { startMs, endMs: startMs + buffer.duration * 1000 };
      },
    };
  });
}

/** Says 16 kHz mono samples; resolves at once with when they will have been said. */
export function speak(page: Page, pcm: Int16Array): Promise<Said> {
  const base64 = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  return page.evaluate((data) => window.testMicrophone.speak(data), base64);
}

declare global {
  interface Window {
    testMicrophone: { speak(base64: string): Said };
  }
}
