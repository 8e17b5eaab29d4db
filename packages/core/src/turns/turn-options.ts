/** Every number that turn-taking depends on, in milliseconds unless said otherwise. */
export interface TurnOptions {
  /** Probability from which a window counts as speech. Silero's own recommendation. */
  readonly speechProbability: number;
  /** This much speech in a row starts an utterance: two windows of 32 ms; one is often a click. */
  readonly onsetMs: number;
  /** Where the page's own detector, which hears the same sound some 60 ms earlier, agrees: one window. */
  readonly onsetAgreedMs: number;
  /** The page agrees when it heard speech within this much of the window's capture time. */
  readonly pageAgreesMs: number;
  /** While the bot sounds its echo is in the microphone, so onset asks for more. */
  readonly onsetProbabilityOverBot: number;
  readonly onsetOverBotMs: number;
  /** The echo of the last words is still in the room for this long. */
  readonly botTailMs: number;
  /** The bot's own voice was in the microphone this recently: words that it just said are no evidence. */
  readonly echoMemoryMs: number;
  /** The browser's echo canceller and gain control settle in a call's first seconds. */
  readonly settlingMs: number;
  readonly onsetProbabilitySettling: number;
  /** Below this a window is silence; between the two it continues what was before. */
  readonly silenceProbability: number;

  /** Silence that ends a turn. Median pauses inside turns are under 300 ms, most under 500. */
  readonly endpointMs: number;
  /** When what was said reads complete. */
  readonly endpointCompleteMs: number;
  /** After "and", "so", "um": the speaker is about to go on. */
  readonly endpointUnfinishedMs: number;
  /**
   * Where the recogniser judges turns, this much silence ends one all the same: it may have lost the caller.
   * Pauses of people who think are shorter.
   */
  readonly endpointJudgedMs: number;
  /** After the end of speech, and after each interim that still comes; then the best interim counts. */
  readonly finalTranscriptMs: number;
  /** A recogniser that still gives interims is only behind; it is waited for this long in all. */
  readonly longestFinalTranscriptMs: number;
  /** No audio came for this long inside an utterance: it is over. */
  readonly audioGapMs: number;
  /** An utterance that never ends (music, a tap running) is cut here and taken as it is. */
  readonly longestUtteranceMs: number;

  /** Speech of this length holds words; where none was understood so often in a row, the caller is told. */
  readonly spokenMs: number;
  readonly unheardTurns: number;
  /** The caller said nothing for this long since the bot stopped: they are asked once. `Infinity`: never. */
  readonly callerIdleMs: number;
  /** After that question: the call is over. */
  readonly callerGoneMs: number;

  /** Over the bot: no verdict by then means a false alarm. */
  readonly verdictMs: number;
  /**
   * Over the bot: interim words of less speech than this are a guess ("ahead" for "uh huh", then "but", then
   * "the"); the final transcript rules. The shortest words that take the turn, "no" and "stop", last about
   * as long.
   */
  readonly shortestGuessMs: number;
  /** Over the bot: this much speech interrupts without a word understood. */
  readonly interruptingSpeechMs: number;
  /**
   * Where the recogniser says that a turn may be over, the answer is begun, kept back until it is, and dropped
   * if it was not: some tokens for nothing, for some hundred milliseconds of every turn.
   */
  readonly preparesAnswers: boolean;
}

export const defaultTurnOptions: TurnOptions = {
  speechProbability: 0.5,
  onsetMs: 64,
  onsetAgreedMs: 32,
  pageAgreesMs: 200,
  onsetProbabilityOverBot: 0.75,
  onsetOverBotMs: 96,
  botTailMs: 300,
  echoMemoryMs: 10_000,
  settlingMs: 3_000,
  onsetProbabilitySettling: 0.7,
  silenceProbability: 0.35,
  endpointMs: 500,
  endpointCompleteMs: 300,
  endpointUnfinishedMs: 900,
  endpointJudgedMs: 2_000,
  finalTranscriptMs: 700,
  longestFinalTranscriptMs: 3_000,
  audioGapMs: 1_000,
  longestUtteranceMs: 60_000,
  spokenMs: 600,
  unheardTurns: 2,
  callerIdleMs: 8_000,
  callerGoneMs: 30_000,
  verdictMs: 800,
  shortestGuessMs: 250,
  interruptingSpeechMs: 500,
  preparesAnswers: true,
};
