import { describe, expect, it } from 'vitest';
import { createFrame } from '../frames/frame.ts';
import { PlayoutQueue, type Heard } from './playout-queue.ts';

const rate = 16_000;

function setup() {
  const heard: Heard[] = [];
  const barriers: string[] = [];
  const queue = new PlayoutQueue({
    onHeard: (each) => heard.push(each),
    onBarrier: (frame) => barriers.push(frame.kind),
  });
  const audio = (messageId: string, ms: number, fill = 1) =>
    queue.audio(
      createFrame('output-audio', {
        turnId: 't',
        agent: 'a',
        messageId,
        sampleRateHz: rate,
        pcm: new Int16Array((rate * ms) / 1000).fill(fill),
      }),
    );
  const mark = (messageId: string, characters: number) =>
    queue.mark(createFrame('spoken-mark', { turnId: 't', messageId, characters }));
  const end = (messageId: string) =>
    queue.messageEnd(createFrame('tts-message-end', { turnId: 't', messageId }));
  let timestamp = 0;
  const play = (packets: number): number => {
    let played = 0;
    for (let count = 0; count < packets; count += 1, timestamp += 960)
      if (queue.next(timestamp)) played += 1;
    return played;
  };
  return { queue, heard, barriers, audio, mark, end, play, at: () => timestamp };
}

describe('the playout queue', () => {
  it('cuts any length into packets of 20 ms and pads the last one', () => {
    const { audio, end, play } = setup();
    audio('m', 50);
    audio('m', 15);
    end('m');
    expect(play(10)).toBe(4);
  });

  it('plays every sample once, in order, and copies none but those of packets that two pieces share', () => {
    const { queue, end } = setup();
    const whole = Int16Array.from({ length: 3_200 }, (_, index) => index - 1_600);
    const cuts = [0, 100, 160, 900, 910, 2_600, 3_200];
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const pcm = whole.subarray(from, cuts[index + 1]);
      const frame = { turnId: 't', agent: 'a', messageId: 'm', sampleRateHz: rate, pcm };
      queue.audio(createFrame('output-audio', frame));
    }
    end('m');
    const packets = Array.from({ length: 10 }, (_, index) => queue.next(index * 960)?.pcm);
    expect(packets.flatMap((pcm) => [...(pcm ?? [])])).toEqual([...whole]);
    const copied = packets.filter((pcm) => pcm?.buffer !== whole.buffer);
    // Packets that one of the five cuts within the sound lies in.
    expect(copied).toHaveLength(3);
  });

  it('tells progress as marks are passed, and the end of a message', () => {
    const { audio, mark, end, play, heard } = setup();
    audio('m', 100);
    mark('m', 5);
    audio('m', 100);
    mark('m', 10);
    end('m');
    play(4);
    expect(heard).toEqual([]);
    play(1);
    expect(heard.map(({ characters, final }) => [characters, final])).toEqual([[5, false]]);
    play(5);
    expect(heard.map(({ characters, final }) => [characters, final])).toEqual([
      [5, false],
      [10, false],
      [10, true],
    ]);
  });

  it('hands barriers on only after the sound before them, and at once when cut', () => {
    const { queue, audio, barriers, play } = setup();
    audio('m', 40);
    queue.barrier(createFrame('end', {}));
    play(1);
    expect(barriers).toEqual([]);
    play(1);
    expect(barriers).toEqual(['end']);
    audio('n', 40);
    queue.barrier(createFrame('flush', { done: () => {} }));
    queue.interrupt({ playedRtpTimestamp: null, inFlightMs: 0 });
    expect(barriers).toEqual(['end', 'flush']);
  });

  it('knows between two marks how much was heard', () => {
    const { queue, audio, mark, play } = setup();
    audio('m', 400);
    mark('m', 20);
    play(10);
    expect(queue.interrupt({ playedRtpTimestamp: null, inFlightMs: 0 })).toMatchObject({
      messageId: 'm',
      characters: 10,
      final: true,
    });
  });

  it('takes off what was sent but not played yet', () => {
    const { queue, audio, mark, play, at } = setup();
    audio('m', 400);
    mark('m', 20);
    play(10);
    expect(queue.interrupt({ playedRtpTimestamp: at() - 6 * 960, inFlightMs: 0 })).toMatchObject({
      characters: 5,
    });
    audio('n', 400);
    mark('n', 20);
    play(10);
    expect(queue.interrupt({ playedRtpTimestamp: null, inFlightMs: 100 })).toMatchObject({
      characters: 5,
    });
    expect(queue.interrupt({ playedRtpTimestamp: null, inFlightMs: 0 })).toBeNull();
  });

  it('is silent while held, and goes on without a loss', () => {
    const { queue, audio, play } = setup();
    audio('m', 200);
    expect(play(4)).toBe(4);
    queue.hold();
    expect(play(5)).toBe(0);
    queue.resume(null);
    expect(play(20)).toBe(6);
  });

  it('goes back to the start of the word in which the caller stopped hearing', () => {
    const { queue, audio, mark, play, at } = setup();
    audio('m', 100);
    mark('m', 5);
    audio('m', 100);
    mark('m', 10);
    play(8);
    queue.hold();
    // Packets 0 to 6 were played: the second word, from packet 5 on, is said again.
    queue.resume(at() - 2 * 960);
    expect(play(20)).toBe(5);
  });

  it('goes back to the packet in which that word begins', () => {
    const { queue, audio, mark, play, at } = setup();
    audio('m', 110);
    mark('m', 5);
    audio('m', 90);
    play(8);
    queue.hold();
    queue.resume(at() - 2 * 960);
    // The first half of packet 5 is the end of the word before.
    expect(play(20)).toBe(5);
  });

  it('says nothing again that was not held', () => {
    const { queue, audio, end, play, at } = setup();
    audio('m', 100);
    end('m');
    expect(play(8)).toBe(5);
    // The page fell silent just after the last word.
    queue.resume(at() - 5 * 960);
    expect(play(20)).toBe(0);
  });

  it('counts text without sound as heard at once, and in order with sound', () => {
    const { audio, mark, end, play, heard } = setup();
    mark('m', 4);
    end('m');
    expect(heard.map(({ messageId, characters, final }) => [messageId, characters, final])).toEqual(
      [
        ['m', 4, false],
        ['m', 4, true],
      ],
    );
    audio('n', 20);
    mark('o', 3);
    expect(heard).toHaveLength(2);
    play(1);
    expect(heard.at(-1)).toMatchObject({ messageId: 'o', characters: 3 });
  });

  it('is empty only when nothing is said any more', () => {
    const { queue, audio, end, play } = setup();
    audio('m', 20);
    play(1);
    expect(queue.isEmpty).toBe(false);
    end('m');
    expect(queue.isEmpty).toBe(true);
  });

  it('lets nothing pass that waits for a packet which leaves only later', () => {
    const { queue, audio, end, barriers, heard } = setup();
    audio('m', 60);
    end('m');
    expect(queue.next(0)).not.toBeNull();
    expect(queue.next(960, { isAhead: true })).not.toBeNull();
    expect(queue.next(1_920, { isAhead: true })).not.toBeNull();
    queue.barrier(createFrame('agent-changed', { agent: 'b', voice: 'v', handoffId: 'h' }));
    expect(queue.next(2_880, { isAhead: true })).toBeNull();
    expect([barriers, heard]).toEqual([[], []]);
    expect(queue.next(2_880)).toBeNull();
    expect(barriers).toEqual(['agent-changed']);
    expect(heard).toMatchObject([{ final: true }]);
  });

  it('plays again what did not leave, and says of it that it was not heard', () => {
    const { queue, audio, mark, end } = setup();
    for (let packet = 1; packet <= 5; packet += 1) audio('m', 20, packet);
    mark('m', 50);
    end('m');
    const next = (count: number) =>
      Array.from({ length: count }, (_, index) => queue.next(index * 960)?.pcm[0]);
    expect(next(4)).toEqual([1, 2, 3, 4]);
    queue.takeBack(2);
    expect(queue.queuedMs).toBe(60);
    expect(next(1)).toEqual([3]);
    queue.takeBack(0);
    expect(queue.interrupt({ playedRtpTimestamp: null, inFlightMs: 0 })).toMatchObject({
      characters: 30,
    });
  });

  it('tells progress when the packet before it has left, also of packets that were taken back', () => {
    const { queue, audio, mark, heard } = setup();
    for (let packet = 1; packet <= 4; packet += 1) {
      audio('m', 20, packet);
      mark('m', packet * 10);
    }
    const told = () => heard.map(({ characters }) => characters);
    queue.next(0);
    for (let packet = 1; packet < 4; packet += 1) queue.next(packet * 960, { isAhead: true });
    expect(told()).toEqual([10]);
    queue.left(2);
    expect(told()).toEqual([10, 20]);
    queue.takeBack(2);
    expect(told()).toEqual([10, 20]);
    expect(queue.next(0)?.pcm[0]).toBe(3);
    expect(told()).toEqual([10, 20, 30]);
    expect(queue.next(0)?.pcm[0]).toBe(4);
    expect(told()).toEqual([10, 20, 30, 40]);
  });

  it('lets what waited pass when all that was taken ahead has left after all', () => {
    const { queue, audio, barriers } = setup();
    audio('m', 20);
    queue.next(0, { isAhead: true });
    queue.barrier(createFrame('end', { reason: 'agent' }));
    expect(barriers).toEqual([]);
    queue.takeBack(0);
    expect(barriers).toEqual(['end']);
  });
});
