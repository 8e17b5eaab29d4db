import {
  createFrame,
  FrameProcessor,
  SpeechOutput,
  type Direction,
  type Frame,
} from '@voicebus/core';

type Handler = () => void | Promise<void>;

/** Where callers type in: lines become what the user said. */
class TerminalInput extends FrameProcessor {
  protected override process(frame: Frame, direction: Direction): void {
    this.push(frame, direction);
  }
}

/** A caller at a terminal: reads and types, no sound. Stands where the browser's transport stands. */
export class TerminalTransport {
  readonly #input = new TerminalInput('terminal-input');
  readonly #output = new SpeechOutput('terminal-output');
  readonly #handlers: Record<'client-connected' | 'client-disconnected', Handler[]> = {
    'client-connected': [],
    'client-disconnected': [],
  };
  #lines = 0;

  input(): FrameProcessor {
    return this.#input;
  }

  output(): FrameProcessor {
    return this.#output;
  }

  on(event: 'client-connected' | 'client-disconnected', handler: Handler): void {
    this.#handlers[event].push(handler);
  }

  async connect(): Promise<void> {
    for (const handler of this.#handlers['client-connected']) await handler();
  }

  async disconnect(): Promise<void> {
    for (const handler of this.#handlers['client-disconnected']) await handler();
  }

  /** The caller typed a line. */
  say(text: string): void {
    this.#lines += 1;
    const utteranceId = `line-${this.#lines}`;
    this.#input.push(createFrame('transcription', { utteranceId, text, by: 'text' }));
  }
}
