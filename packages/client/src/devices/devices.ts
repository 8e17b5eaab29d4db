/** A microphone or loudspeaker that may be chosen. */
export interface AudioDevice {
  readonly id: string;
  /** Empty until the caller has once allowed the microphone. */
  readonly label: string;
}

export interface AudioDevices {
  readonly microphones: readonly AudioDevice[];
  /** Empty where the browser does not let a page choose (Safari, Firefox on phones). */
  readonly speakers: readonly AudioDevice[];
}

export const noDevices: AudioDevices = { microphones: [], speakers: [] };

export async function listDevices(): Promise<AudioDevices> {
  if (!navigator.mediaDevices?.enumerateDevices) return noDevices;
  const found = await navigator.mediaDevices.enumerateDevices();
  const ofKind = (kind: MediaDeviceKind) =>
    found.flatMap((device) =>
      device.kind === kind && device.deviceId !== ''
        ? { id: device.deviceId, label: device.label }
        : [],
    );
  const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
  return {
    microphones: ofKind('audioinput'),
    speakers: canChooseSpeaker ? ofKind('audiooutput') : [],
  };
}

/** Calls back now and on every change of devices, until the signal aborts. */
export function watchDevices(
  onDevices: (devices: AudioDevices) => void,
  signal: AbortSignal,
): () => Promise<void> {
  const refresh = async () => {
    const devices = await listDevices().catch(() => noDevices);
    if (!signal.aborted) onDevices(devices);
  };
  navigator.mediaDevices?.addEventListener('devicechange', () => void refresh(), { signal });
  void refresh();
  return refresh;
}
