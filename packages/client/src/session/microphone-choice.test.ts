import { describe, expect, it } from 'vitest';
import { MicrophoneError } from '../microphone/open-microphone.ts';
import type { MicrophoneProblem } from '../microphone/microphone-state.ts';
import { MicrophoneChoice } from './microphone-choice.ts';
import { SessionStores } from './session-stores.ts';

/** Devices by id; null is the system's own choice. */
function setUp(devices: Record<string, MicrophoneProblem | 'works'>) {
  const stores = new SessionStores();
  stores.microphone({ type: 'ask' });
  stores.microphone({ type: 'granted', as: 'open' });
  const sent: string[] = [];
  const input = {
    deviceId: 'built-in' as string | null,
    isLive: true,
    get label() {
      return `the ${this.deviceId} microphone`;
    },
    async switchTo(deviceId: string | null) {
      const id = deviceId ?? 'default';
      const state = devices[id] ?? 'not-found';
      if (state !== 'works') throw new MicrophoneError(state);
      this.deviceId = id;
      this.isLive = true;
    },
    cloneTrack: () => ({ id: input.deviceId }) as unknown as MediaStreamTrack,
  };
  const replaceTrack = async (track: MediaStreamTrack) => void sent.push(track.id);
  const choice = new MicrophoneChoice({ stores, input, link: () => ({ replaceTrack }) });
  const unplug = () => {
    input.isLive = false;
    return choice.lost();
  };
  return { stores, sent, input, choice, unplug, devices };
}

describe('choosing a microphone in a call', () => {
  it('changes what is sent, without asking again', async () => {
    const { stores, sent, choice } = setUp({ headset: 'works' });
    await choice.choose('headset');
    expect(sent).toEqual(['headset']);
    expect(stores.state.get()).toMatchObject({ microphone: 'open', microphoneId: 'headset' });
  });

  it('keeps the one before when the new one does not open, and says so', async () => {
    const { stores, sent, choice } = setUp({ headset: 'in-use' });
    await choice.choose('headset');
    expect(sent).toEqual([]);
    expect(stores.state.get()).toMatchObject({
      microphone: 'open',
      microphoneId: 'built-in',
      deviceNotice: {
        kind: 'microphone-refused',
        using: 'the built-in microphone',
        problem: 'in-use',
      },
    });
  });

  it('keeps the caller muted', async () => {
    const { stores, choice } = setUp({ headset: 'works' });
    stores.state.patch({ muted: true });
    stores.microphone({ type: 'gate', as: 'muted' });
    await choice.choose('headset');
    expect(stores.state.get().microphone).toBe('muted');
  });
});

describe('a microphone that is unplugged in a call', () => {
  it('is replaced by another, and the caller is told', async () => {
    const { stores, sent, unplug } = setUp({ default: 'works' });
    await unplug();
    expect(sent).toEqual(['default']);
    expect(stores.state.get()).toMatchObject({
      microphone: 'open',
      deviceNotice: { kind: 'microphone-replaced', to: 'the default microphone' },
    });
  });

  it('is lost without another, until one is plugged in', async () => {
    const { stores, unplug, choice, devices } = setUp({});
    await unplug();
    expect(stores.state.get().microphone).toBe('lost');
    devices['default'] = 'works';
    await choice.recover();
    expect(stores.state.get().microphone).toBe('open');
  });

  it('is blocked when permission was taken back', async () => {
    const { stores, unplug } = setUp({ default: 'blocked' });
    await unplug();
    expect(stores.state.get().microphone).toBe('blocked');
  });

  it('is not opened again while one works', async () => {
    const { sent, choice } = setUp({ default: 'works' });
    await choice.recover();
    expect(sent).toEqual([]);
  });
});
