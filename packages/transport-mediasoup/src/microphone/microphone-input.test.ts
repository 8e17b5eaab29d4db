import { Pipeline, type Frame, FrameProcessor, type Direction } from '@voicebus/core';
import { beforeEach, expect, test } from 'vitest';
import { MicrophoneInput } from './microphone-input.ts';

class Sink extends FrameProcessor {
  readonly frames: Frame<'input-audio'>[] = [];
  protected override process(frame: Frame, direction: Direction): void {
    if (frame.kind === 'input-audio') this.frames.push(frame);
    this.push(frame, direction);
  }
}

let input: MicrophoneInput;
let sink: Sink;
beforeEach(() => {
  input = new MicrophoneInput();
  sink = new Sink('sink');
  void new Pipeline([input, sink]);
});

/** 20 ms chunks whose samples count the milliseconds at which they were captured. */
const sound = (startMs: number, endMs: number): { pcm: Int16Array; captureMs: number }[] =>
  Array.from({ length: (endMs - startMs) / 20 }, (_, chunk) => ({
    pcm: Int16Array.from(
      { length: 320 },
      (_, index) => startMs + chunk * 20 + Math.floor(index / 16),
    ),
    captureMs: startMs + (chunk + 1) * 20,
  }));
const live = (startMs: number, endMs: number): void =>
  sound(startMs, endMs).forEach(({ pcm, captureMs }) => input.audio(pcm, captureMs));
const firstWords = (startMs: number, endMs: number): void =>
  sound(startMs, endMs).forEach((chunk) => input.firstWords(chunk, false));
const last = (atMs: number): void =>
  input.firstWords({ pcm: new Int16Array(0), captureMs: atMs }, true);
const heardMs = (): number[] => [...new Set(sink.frames.flatMap(({ pcm }) => [...pcm]))];
const range = (startMs: number, endMs: number): number[] =>
  Array.from({ length: endMs - startMs }, (_, index) => startMs + index);

test('live sound goes straight on', () => {
  live(0, 100);
  expect(heardMs()).toEqual(range(0, 100));
  expect(sink.frames.map(({ captureMs }) => captureMs)).toEqual([20, 40, 60, 80, 100]);
});

test('first words come before the live sound and are joined where their times meet', () => {
  input.expectFirstWords();
  live(1_010, 1_110);
  firstWords(0, 1_060);
  expect(sink.frames).toHaveLength(0);
  last(1_060);
  live(1_110, 1_210);
  expect(heardMs()).toEqual(range(0, 1_210));
  const samples = sink.frames.reduce((sum, { pcm }) => sum + pcm.length, 0);
  expect(samples).toBe(1_210 * 16);
});

test('first words that are complete before the live sound are not doubled either', () => {
  input.expectFirstWords();
  firstWords(0, 1_060);
  last(1_060);
  live(1_010, 1_210);
  expect(heardMs()).toEqual(range(0, 1_210));
  expect(sink.frames.reduce((sum, { pcm }) => sum + pcm.length, 0)).toBe(1_210 * 16);
});

test('without first words the live sound goes on when the page says so', () => {
  input.expectFirstWords();
  live(0, 100);
  expect(sink.frames).toHaveLength(0);
  last(100);
  expect(heardMs()).toEqual(range(0, 100));
});

test('live sound waits a second and a half at most', () => {
  input.expectFirstWords();
  live(0, 1_500);
  expect(sink.frames).toHaveLength(0);
  live(1_500, 1_520);
  expect(heardMs()).toEqual(range(0, 1_520));
});

test('a piece of a second comes in frames of 20 ms, each with its own time', () => {
  const [pcm, captureMs] = [new Int16Array(16_100), 5_000];
  input.firstWords({ pcm, captureMs }, true);
  expect(sink.frames.map((frame) => frame.pcm.length)).toEqual([...Array(50).fill(320), 100]);
  expect(sink.frames.at(-2)?.captureMs).toBe(5_000 - 6.25);
  expect(sink.frames.at(-1)?.captureMs).toBe(5_000);
});

test('more than ten seconds of first words are not kept', () => {
  input.expectFirstWords();
  firstWords(0, 12_000);
  last(12_000);
  const samples = sink.frames.reduce((sum, { pcm }) => sum + pcm.length, 0);
  expect(samples).toBe(10 * 16_000);
});
