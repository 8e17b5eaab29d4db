import { AudioClock } from '../media/audio-clock.ts';

/** 32 ms of the microphone at 16 kHz. */
export interface MicrophoneFrame {
  readonly samples: Float32Array;
  /** Capture time of the end of the frame, page's clock. */
  readonly endMs: number;
  /** Root mean square, 0–1. */
  readonly level: number;
}

/** Listens to the microphone inside the page; nothing that it hears leaves by itself. */
export class MicrophoneTap {
  readonly #source: MediaStreamAudioSourceNode;
  readonly #node: AudioWorkletNode;
  readonly #clock = new AudioClock();

  constructor(
    context: AudioContext,
    stream: MediaStream,
    onFrame: (frame: MicrophoneFrame) => void,
  ) {
    this.#source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
    this.#node = new AudioWorkletNode(context, 'microphone-tap', { numberOfOutputs: 0 });
    this.#node.port.onmessage = (event: MessageEvent<TapMessage>) => {
      const { samples, endTime } = event.data;
      this.#clock.observe(endTime, performance.now());
      onFrame({ samples, endMs: this.#clock.toPageMs(endTime), level: rootMeanSquare(samples) });
    };
    this.#source.connect(this.#node);
  }

  close(): void {
    this.#node.port.onmessage = null;
    this.#source.disconnect();
    this.#node.disconnect();
  }
}

interface TapMessage {
  readonly samples: Float32Array;
  readonly endTime: number;
}

function rootMeanSquare(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}
