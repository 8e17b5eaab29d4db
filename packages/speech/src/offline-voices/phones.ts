/** A sound of speech as flite names it, and when it is over, in milliseconds from the wave's start. */
export interface Phone {
  readonly name: string;
  readonly endMs: number;
}

export const pause = 'pau';

/** Reads what `flite -psdur` prints: `pau:0.222 hh:0.291 ax:0.340 …`. */
export function parsePhones(printed: string): readonly Phone[] {
  return printed
    .split(/\s+/)
    .map((entry) => /^([a-z]+):(\d+\.\d+)$/.exec(entry))
    .flatMap((match) =>
      match ? [{ name: match[1] ?? '', endMs: Math.round(Number(match[2]) * 1000) }] : [],
    );
}
