import type { MicrophoneProblem } from './microphone-state.ts';

export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';
  readonly code: MicrophoneProblem;

  constructor(code: MicrophoneProblem, options?: { readonly cause?: unknown }) {
    super(`The microphone is ${code}`, options);
    this.code = code;
  }
}

/**
 * Opens the microphone; one stream feeds the producer, the VAD and the recording of the first words.
 * The browser's permission question has no deadline: it is the caller's to answer.
 */
export async function openMicrophone(deviceId: string | null): Promise<MediaStream> {
  if (!globalThis.isSecureContext) throw new MicrophoneError('insecure');
  if (!navigator.mediaDevices?.getUserMedia) throw new MicrophoneError('unsupported');
  try {
    return await getStream(deviceId);
  } catch (error) {
    // The device chosen last time may be gone: any other is better than none.
    if (deviceId !== null && nameOf(error) === 'OverconstrainedError') {
      return getStream(null).catch((again) => Promise.reject(microphoneError(again)));
    }
    throw microphoneError(error);
  }
}

function getStream(deviceId: string | null): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      channelCount: 1,
      ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
    },
  });
}

/** The names are those of the Media Capture specification, section 10.2. */
export function microphoneError(error: unknown): MicrophoneError {
  const codes: Readonly<Record<string, MicrophoneProblem>> = {
    NotAllowedError: 'blocked',
    SecurityError: 'blocked',
    NotReadableError: 'in-use',
    AbortError: 'in-use',
    NotFoundError: 'not-found',
    OverconstrainedError: 'not-found',
  };
  return new MicrophoneError(codes[nameOf(error)] ?? 'unsupported', { cause: error });
}

function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}
