import type { ContextMessage } from '@voicebus/protocol';
import { systemClock, type Clock } from '../clock/clock.ts';
import { fairDeadline } from '../clock/fair-deadline.ts';
import type { LLMContext } from '../context/llm-context.ts';
import { createFrame, type Direction, type Frame } from '../frames/frame.ts';
import { nextId } from '../identity/random-id.ts';
import { FrameProcessor } from '../pipeline/frame-processor.ts';
import type { PipelineEnvironment } from '../pipeline/pipeline-environment.ts';
import { withoutEchoedWords } from '../turns/echoed-words.ts';
import { clearSpeechMs } from '../turns/speech-detector.ts';
import { defaultTurnOptions, type TurnOptions } from '../turns/turn-options.ts';
import {
  endSpeech,
  idle,
  onFinal,
  onInterim,
  onJudgement,
  onTranscriptDeadline,
  onWindow,
  type UtteranceRuling,
  type UtteranceState,
  type UtteranceStep,
} from '../turns/utterance.ts';
import { IdleWatch } from './idle-watch.ts';
import { InterruptionRuler } from './interruption-ruler.ts';

/** From the echo that made the page fall silent to the verdict on it. */
const echoOfHoldMs = 1_500;
const askToRepeat =
  'The user spoke, but no word of it could be made out. Ask them to say it again, or to type it.';
const askWhetherThere =
  'The user has said nothing for a while. Ask once, in a few words, whether they are still there.';

/**
 * Carries out what the turn rules say: opens and closes the user's turns, rules on speech over the bot,
 * writes what was said into the context, and asks for the model's turn.
 */
export class UserAggregator extends FrameProcessor {
  readonly #context: LLMContext;
  readonly #options: TurnOptions;
  readonly #isBotAnswering: () => boolean;
  #environment: PipelineEnvironment | undefined;
  #clock: Clock = systemClock;
  #state: UtteranceState = idle;
  #turnId: string | null = null;
  #startedMs = 0;
  /** Of the utterance that runs: when it began in the sound, and when we ruled that it did. */
  #speechStartMs = 0;
  #utteranceRuledMs = 0;
  #utteranceLengthMs = 0;
  /** Utterances in a row, long enough for words, in which no word was understood. */
  #ununderstood = 0;
  #latestFinalMs = 0;
  #finalDueMs = 0;
  /** When the bot's own voice was last heard in the microphone. */
  #echoMs = -Infinity;
  /** The latest sound in which the page's own detector heard speech. */
  #pageSpeechMs = -Infinity;
  #ruler: InterruptionRuler;
  #idle: IdleWatch;
  #cancelDeadline: (() => void) | undefined;
  #cancelGap: (() => void) | undefined;

  /** `isBotAnswering`: an answer is on its way, also while nothing of it sounds. */
  constructor(
    context: LLMContext,
    options: Partial<TurnOptions> = {},
    { isBotAnswering = () => false }: { readonly isBotAnswering?: () => boolean } = {},
  ) {
    super('user-aggregator');
    this.#context = context;
    this.#isBotAnswering = isBotAnswering;
    this.#options = { ...defaultTurnOptions, ...options };
    this.#ruler = this.#createRuler();
    this.#idle = this.#createIdleWatch();
  }

  override attach(environment: PipelineEnvironment): void {
    this.#environment = environment;
    this.#clock = environment.clock;
    this.#startedMs = environment.clock.now();
    this.#ruler = this.#createRuler();
    this.#idle = this.#createIdleWatch();
  }

  override cleanup(): void {
    this.#idle.close();
    this.#cancelDeadline?.();
    this.#cancelGap?.();
    this.#ruler.close();
  }

  protected override process(frame: Frame, direction: Direction): void {
    switch (frame.kind) {
      case 'voice-activity':
        this.#window(frame);
        return;
      case 'speech-hold':
        // First, so that whoever plays knows what the page had played when it is told what to do.
        this.push(frame, direction);
        this.#ruler.pageHeardSpeech(frame.holdId);
        return;
      case 'page-speech':
        this.#pageSpeechMs = Math.max(this.#pageSpeechMs, frame.captureMs);
        return;
      case 'caller-muted':
        this.#idle.mute(frame.isMuted);
        return;
      case 'interim-transcription':
        this.#interim(frame);
        return;
      case 'turn-judged':
        this.#judged(frame);
        return;
      case 'transcription':
        if (frame.by === 'text') this.#typed(frame);
        else this.#follow(onFinal(this.#state, frame.utteranceId, frame.text));
        return;
      case 'llm-messages-append':
        for (const message of frame.messages) this.#context.append(message);
        if (frame.runLlm) this.#requestTurn('agent');
        return;
      case 'bot-started-speaking':
        this.#ruler.botSounds(true);
        this.#idle.notNow();
        break;
      case 'bot-stopped-speaking':
        this.#ruler.botSounds(false);
        this.#idle.theirTurn();
        break;
      case 'interruption':
        this.#ruler.settled();
        break;
      default:
        break;
    }
    this.push(frame, direction);
  }

  #createRuler(): InterruptionRuler {
    return new InterruptionRuler({
      clock: this.#clock,
      options: this.#options,
      hold: () => this.push(createFrame('output-hold', {})),
      resume: (holdId) => {
        this.push(createFrame('output-resume', { holdId }));
        const isEcho = this.#clock.now() - this.#echoMs < echoOfHoldMs;
        const resumed = { verdict: 'resume', by: 'voice' } as const;
        this.#environment?.events.emit('interruption', isEcho ? { ...resumed, isEcho } : resumed);
      },
      interrupt: (hold) => this.#interrupt('voice', hold.holdId),
    });
  }

  #createIdleWatch(): IdleWatch {
    return new IdleWatch({
      clock: this.#clock,
      options: this.#options,
      isBusy: () =>
        this.#state.type !== 'idle' ||
        this.#isBotAnswering() ||
        hasOpenTool(this.#context.messages),
      onIdle: () => this.#haveAgentAsk(askWhetherThere),
      onGone: () => this.push(createFrame('caller-gone', {}), 'upstream'),
    });
  }

  #window({ probability, captureMs, durationMs, whose }: Frame<'voice-activity'>): void {
    this.#cancelGap?.();
    if (whose === 'bot') this.#echoMs = this.#clock.now();
    const callAgeMs = captureMs - this.#startedMs;
    const overBot = this.#ruler.overBot && whose !== 'caller';
    const pageAgrees = Math.abs(captureMs - this.#pageSpeechMs) < this.#options.pageAgreesMs;
    this.#follow(
      onWindow(
        this.#state,
        { probability, atMs: captureMs, durationMs, overBot, pageAgrees, callAgeMs },
        { options: this.#options, newId: () => nextId('utterance') },
      ),
    );
    if (this.#state.type !== 'speaking') return;
    this.#ruler.speechHeard(clearSpeechMs(this.#state.speech), this.#evidence(this.#state.partial));
    this.#cancelGap = fairDeadline({
      clock: this.#clock,
      limitMs: this.#options.audioGapMs,
      rule: () => this.#follow(endSpeech(this.#state, this.#clock.now(), this.#options)),
    });
  }

  #interim({ utteranceId, text }: Frame<'interim-transcription'>): void {
    const isNews = this.#state.type === 'idle' || this.#state.partial !== text;
    this.#state = onInterim(this.#state, utteranceId, text);
    if (this.#state.type === 'idle' || this.#state.utteranceId !== utteranceId) return;
    if (this.#state.type === 'transcribing') this.#awaitFinal(this.#options.finalTranscriptMs);
    this.#ruler.wordsHeard(this.#evidence(text));
    if (text === '' || !isNews || !this.#turnId) return;
    this.#environment?.events.emit('transcript-interim', {
      turnId: this.#turnId,
      messageId: utteranceId,
      text,
    });
  }

  #judged(frame: Frame<'turn-judged'>): void {
    const { judgement, utteranceId, text } = frame;
    const isOfThis = this.#state.type === 'speaking' && this.#state.utteranceId === utteranceId;
    // Over the bot it is not known yet whether this is a turn at all.
    if (judgement === 'eager-end' && isOfThis && text.trim() !== '' && !this.#ruler.overBot)
      this.#prepareAnswer({ id: utteranceId, role: 'user', content: text.trim() });
    if (judgement === 'turn-resumed') this.#prepareAnswer(null);
    const now = { atMs: this.#clock.now(), options: this.#options };
    this.#follow(onJudgement(this.#state, frame, now));
  }

  #prepareAnswer(message: ContextMessage | null): void {
    if (!this.#options.preparesAnswers) return;
    this.push(createFrame('llm-prepare', { context: this.#context, message }));
  }

  /** Where the bot was heard in the microphone, the words that it just said are nobody else's. */
  #evidence(words: string): string {
    const hasEcho = this.#clock.now() - this.#echoMs < this.#options.echoMemoryMs;
    if (!hasEcho || !this.#ruler.overBot) return words;
    const bot = this.#context.messages.findLast(({ role }) => role === 'assistant');
    return withoutEchoedWords(words, bot?.content ?? '');
  }

  /** From the end of the utterance on; a sign of life may put the deadline off, and never brings it nearer. */
  #awaitFinal(withinMs: number): void {
    const now = this.#clock.now();
    this.#finalDueMs = Math.min(this.#latestFinalMs, Math.max(this.#finalDueMs, now + withinMs));
    this.#cancelDeadline?.();
    this.#cancelDeadline = fairDeadline({
      clock: this.#clock,
      limitMs: this.#finalDueMs - now,
      rule: () => this.#follow(onTranscriptDeadline(this.#state)),
      onStoodStill: (ms) => {
        this.#latestFinalMs += ms;
      },
    });
  }

  #follow({ state, rulings }: UtteranceStep): void {
    this.#state = state;
    for (const ruling of rulings) this.#carryOut(ruling);
  }

  #carryOut(ruling: UtteranceRuling): void {
    const { utteranceId } = ruling;
    const events = this.#environment?.events;
    switch (ruling.type) {
      case 'started':
        this.#turnId ??= nextId('turn');
        this.#speechStartMs = ruling.startMs;
        events?.emit('speech-heard-start', { turnId: this.#turnId, probability: 1 });
        events?.emit('turn-started', { turnId: this.#turnId, by: 'voice' });
        this.#utteranceRuledMs = this.#clock.now();
        this.#ruler.speechStarted(this.#clock.now());
        this.broadcast(createFrame('user-started-speaking', { utteranceId, atMs: ruling.startMs }));
        return;
      case 'speech-ended': {
        const { endMs, ruledMs } = ruling;
        const turnId = this.#turnId ?? nextId('turn');
        this.#utteranceLengthMs = endMs - this.#speechStartMs;
        events?.emit('speech-heard-end', {
          turnId,
          durationMs: this.#utteranceLengthMs,
          endedAtMs: events.at(endMs),
        });
        events?.emit('turn-ruled-end', { turnId, endpointMs: ruledMs - endMs });
        // Sound that came faster than it was spoken (first words) has to be heard by the recogniser first.
        const now = this.#clock.now();
        const aheadMs = Math.max(0, ruledMs - this.#speechStartMs - (now - this.#utteranceRuledMs));
        this.#latestFinalMs = now + aheadMs + this.#options.longestFinalTranscriptMs;
        this.#finalDueMs = 0;
        this.#awaitFinal(this.#options.finalTranscriptMs + aheadMs);
        this.broadcast(createFrame('user-stopped-speaking', { utteranceId, atMs: endMs, ruledMs }));
        return;
      }
      case 'transcribed':
        this.#cancelDeadline?.();
        this.#transcribed(utteranceId, ruling.text);
    }
  }

  #transcribed(utteranceId: string, text: string): void {
    const verdict = this.#ruler.utteranceOver(this.#evidence(text));
    const turnId = this.#turnId ?? nextId('turn');
    this.#turnId = null;
    if (text === '' || verdict === 'resume') {
      this.#environment?.events.emit('turn-ended', { turnId, interrupted: false });
      this.push(createFrame('user-turn-dropped', {}));
      this.#prepareAnswer(null);
      if (!this.#ruler.isBotSounding) this.#nothingUnderstood();
      return;
    }
    this.#ununderstood = 0;
    // Words while the model still thinks: what it was about to say is void.
    this.#interruptQuietly();
    this.#say({ turnId, messageId: utteranceId, text, by: 'voice' });
  }

  /** Who speaks and gets no answer at all does not know why: said once, until a word is understood. */
  #nothingUnderstood(): void {
    this.#idle.theirTurn();
    if (this.#utteranceLengthMs < this.#options.spokenMs) return;
    this.#ununderstood += 1;
    if (this.#ununderstood !== this.#options.unheardTurns) return;
    this.#haveAgentAsk(askToRepeat);
  }

  #haveAgentAsk(content: string): void {
    this.#context.append({ id: nextId('message'), role: 'developer', content });
    this.#requestTurn('agent');
  }

  #typed({ utteranceId, text }: Frame<'transcription'>): void {
    const turnId = nextId('turn');
    this.#environment?.events.emit('turn-started', { turnId, by: 'text' });
    if (this.#ruler.isBotSounding) this.#interrupt('text', null);
    else this.#interruptQuietly();
    this.#say({ turnId, messageId: utteranceId, text, by: 'text' });
  }

  #say(said: { turnId: string; messageId: string; text: string; by: 'voice' | 'text' }): void {
    this.#idle.heardFrom();
    this.#environment?.events.emit('transcript-final', said);
    this.#context.append({ id: said.messageId, role: 'user', content: said.text });
    this.push(createFrame('llm-context', { turnId: said.turnId, context: this.#context }));
  }

  #requestTurn(by: 'agent'): void {
    const turnId = nextId('turn');
    this.#environment?.events.emit('turn-started', { turnId, by });
    this.push(createFrame('llm-context', { turnId, context: this.#context }));
  }

  #interrupt(by: 'voice' | 'text', holdId: string | null): void {
    this.#environment?.events.emit('interruption', { verdict: 'interrupt', by });
    this.broadcast(createFrame('interruption', { by, holdId }));
  }

  #interruptQuietly(): void {
    if (!this.#ruler.isBotSounding)
      this.broadcast(createFrame('interruption', { by: 'voice', holdId: null }));
  }
}

/** The caller waits for us, not we for the caller. */
function hasOpenTool(messages: readonly ContextMessage[]): boolean {
  return messages.some((message) => message.role === 'tool' && message.status === 'in-progress');
}
