import type { Levels } from '@voicebus/client';
import { loudness } from './loudness';

/** A voice crosses the line in this time: slow enough to see, fast enough to feel like now. */
const crossMs = 900;
const steps = 96;
/** Less than a tenth of a pixel on the tallest line. */
const unseen = 0.002;

/** The loudness of both voices over the last crossing, newest first. */
export class VoiceWaves {
  readonly microphone = new Float32Array(steps);
  readonly bot = new Float32Array(steps);
  #lastMs = 0;
  #smooth = { microphone: 0, bot: 0 };
  /** For how many steps nothing was there to be seen. */
  #silentSteps = steps;

  /** Nothing moves on the line: it looks as it did in the picture before. */
  get areStill(): boolean {
    return this.#silentSteps >= steps;
  }

  add(levels: Levels, atMs: number): void {
    const stepMs = crossMs / steps;
    const count = Math.min(steps, Math.floor((atMs - this.#lastMs) / stepMs));
    if (count <= 0) return;
    this.#lastMs = atMs;
    const before = this.#loudest;
    for (const voice of ['microphone', 'bot'] as const) {
      const history = this[voice];
      const target = loudness(levels[voice]);
      // Rises faster than it falls, as a string that was plucked.
      const share = target > this.#smooth[voice] ? 0.3 : 0.12;
      history.copyWithin(count, 0);
      for (let index = count - 1; index >= 0; index--) {
        this.#smooth[voice] += (target - this.#smooth[voice]) * share;
        history[index] = this.#smooth[voice];
      }
    }
    const isSilent = Math.max(before, this.#loudest) < unseen;
    this.#silentSteps = isSilent ? Math.min(steps, this.#silentSteps + count) : 0;
  }

  get #loudest(): number {
    return Math.max(this.#smooth.microphone, this.#smooth.bot);
  }
}

/** How many waves fit on the line, per voice: the caller's and the agent's can be told apart. */
const waveCounts = { microphone: 9, bot: 6 };

/** All that the picture depends on, other than the voices. */
export interface LineLook {
  readonly ratio: number;
  readonly width: number;
  readonly height: number;
  readonly agentColour: string;
  readonly callerColour: string;
}

export function lookOf(canvas: HTMLCanvasElement): LineLook {
  const style = getComputedStyle(canvas);
  return {
    ratio: window.devicePixelRatio || 1,
    width: canvas.clientWidth,
    height: canvas.clientHeight,
    agentColour: style.color,
    callerColour: style.getPropertyValue('--ink'),
  };
}

export function drawVoiceLine(
  canvas: HTMLCanvasElement,
  waves: VoiceWaves,
  options: { readonly atMs: number; readonly still: boolean; readonly look: LineLook },
): void {
  const { ratio, width, height, agentColour, callerColour } = options.look;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);

  const edge = 9;
  const colours = context.createLinearGradient(edge, 0, width - edge, 0);
  colours.addColorStop(0, callerColour);
  colours.addColorStop(0.35, callerColour);
  colours.addColorStop(0.65, agentColour);
  colours.addColorStop(1, agentColour);
  context.strokeStyle = colours;
  context.lineCap = 'round';
  for (const [echo, alpha] of [
    [1, 1],
    [0.62, 0.28],
    [-0.7, 0.18],
  ] as const) {
    context.globalAlpha = alpha;
    context.lineWidth = echo === 1 ? 2.25 : 1.5;
    drawLine(context, waves, { ...options, width, height, edge, share: echo });
  }
  context.globalAlpha = 1;
  const y = height / 2;
  context.fillStyle = callerColour;
  drawEnd(context, { x: edge, y }, waves.microphone[0] ?? 0);
  context.fillStyle = agentColour;
  drawEnd(context, { x: width - edge, y }, waves.bot[0] ?? 0);
}

function drawLine(
  context: CanvasRenderingContext2D,
  waves: VoiceWaves,
  options: {
    readonly atMs: number;
    readonly still: boolean;
    readonly width: number;
    readonly height: number;
    readonly edge: number;
    readonly share: number;
  },
): void {
  const { width, height, edge, share } = options;
  const length = width - 2 * edge;
  const tallest = height / 2 - 6;
  const turn = options.still ? 0 : (options.atMs / crossMs) * 2 * Math.PI;
  context.beginPath();
  for (let x = 0; x <= length; x += 2) {
    const place = x / length;
    // The ends are fixed, like those of a string.
    const room = Math.sin(Math.PI * place) ** 0.6;
    const index = place * (steps - 1);
    const caller = at(waves.microphone, options.still ? 0 : index);
    const agent = at(waves.bot, options.still ? 0 : steps - 1 - index);
    const phase = 2 * Math.PI * place;
    const y =
      caller * Math.sin(phase * waveCounts.microphone * share - turn * 2) +
      agent * Math.sin(phase * waveCounts.bot * share + turn * 2);
    const clipped = Math.max(-1, Math.min(1, y * share));
    context.lineTo(edge + x, height / 2 + clipped * tallest * room);
  }
  context.stroke();
}

function drawEnd(
  context: CanvasRenderingContext2D,
  { x, y }: { readonly x: number; readonly y: number },
  level: number,
): void {
  context.beginPath();
  context.arc(x, y, 4.5 + level * 4, 0, 2 * Math.PI);
  context.fill();
}

/** The history between two of its steps. */
function at(history: Float32Array, index: number): number {
  const below = Math.floor(index);
  const share = index - below;
  return (history[below] ?? 0) * (1 - share) + (history[below + 1] ?? 0) * share;
}
