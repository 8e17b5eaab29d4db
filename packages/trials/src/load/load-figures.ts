/** What the callers measured, in milliseconds each. */
export interface LoadFigures {
  /** Last sample said to first sample heard. */
  readonly response: number[];
  /** First sample said over the bot to its last sample heard. */
  readonly interruption: number[];
  /** Last sound of one agent to first of the next. */
  readonly handoffGap: number[];
  /** Of each packet of speech as it was heard, to the fastest one of its spurt. */
  readonly packetLateness: number[];
  /** Of the callers' own loop, as `bareLateness`: what they hear late may be their own doing. */
  readonly callersLateness: number[];
  readonly failures: string[];
}

export function emptyFigures(): LoadFigures {
  return {
    response: [],
    interruption: [],
    handoffGap: [],
    packetLateness: [],
    callersLateness: [],
    failures: [],
  };
}
