/** A service's settings for fixed words instead of speech and a model. */
export const scriptedProviders = { STT: 'scripted', LLM: 'scripted', TTS: 'scripted' } as const;

/** Its voices are tones; in hertz, by who speaks. */
export const scriptedTonesHz = { greeter: 440, support: 220 } as const;
