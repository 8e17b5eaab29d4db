import { cartesiaConfig, sherpaVoicesConfig, type ProviderChoice } from '@voicebus/config';
import type { TextToSpeech } from '@voicebus/core';
import {
  circuitReport,
  measuredTextToSpeech,
  noMeter,
  type ProviderMeter,
  type Report,
} from '@voicebus/service';

type Names = ProviderChoice['tts'];

/**
 * The voices that the settings name, as one; nothing of the others is loaded. Connected and compiled when it
 * is given: the first caller waits for neither.
 */
export async function openTextToSpeech(
  names: Names,
  report: Report,
  meter: ProviderMeter = noMeter,
): Promise<TextToSpeech> {
  const [first, ...others] = await Promise.all(
    names.map(async (name) => measuredTextToSpeech(await open(name, meter), meter)),
  );
  if (!first) throw new Error('No voice is named.');
  if (others.length === 0 && (names[0] === 'offline' || names[0] === 'scripted')) {
    await first
      .warmUp?.()
      .catch((thrown: unknown) => report(`the ${first.name} voices do not work`, thrown));
    return first;
  }
  const { FallbackTextToSpeech } = await import('@voicebus/speech/fallback-text-to-speech');
  const voices = new FallbackTextToSpeech({
    providers: [first, ...others],
    onChange: circuitReport('tts', report, meter),
  });
  await voices.warmUp();
  return voices;
}

async function open(name: Names[number], meter: ProviderMeter): Promise<TextToSpeech> {
  switch (name) {
    case 'cartesia': {
      const { CartesiaVoices } = await import('@voicebus/speech/cartesia');
      return new CartesiaVoices({
        ...cartesiaConfig(),
        onConnected: (ms) =>
          meter.took({ part: 'tts', provider: name }, 'connect', { ms, sessionId: null }),
      });
    }
    case 'sherpa': {
      const { SherpaVoices } = await import('@voicebus/speech/sherpa-voices');
      return new SherpaVoices(sherpaVoicesConfig());
    }
    case 'scripted': {
      const { ScriptedTextToSpeech } = await import('@voicebus/testing');
      return new ScriptedTextToSpeech();
    }
    case 'offline': {
      const { OfflineVoices } = await import('@voicebus/speech/offline-voices');
      return new OfflineVoices();
    }
  }
}
