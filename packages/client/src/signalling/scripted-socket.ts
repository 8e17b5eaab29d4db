import type { ClientMessage, ServerMessage } from '@voicebus/protocol';
import type { Socket } from './signalling-client.ts';

/** For tests: a WebSocket whose other end is the test. */
export class ScriptedSocket implements Socket {
  readonly sent: ClientMessage[] = [];
  readyState: Socket['readyState'] = 0;
  onopen: Socket['onopen'] = null;
  onmessage: Socket['onmessage'] = null;
  onclose: Socket['onclose'] = null;
  onerror: Socket['onerror'] = null;

  send(data: string): void {
    this.sent.push(JSON.parse(data) as ClientMessage);
  }

  close(): void {
    this.readyState = 3;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.call(this as unknown as WebSocket, new Event('open'));
  }

  says(message: ServerMessage | Record<string, unknown> | string): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.onmessage?.call(this as unknown as WebSocket, new MessageEvent('message', { data }));
  }

  closes(code: number): void {
    this.readyState = 3;
    this.onclose?.call(this as unknown as WebSocket, { code, reason: '' } as CloseEvent);
  }
}
