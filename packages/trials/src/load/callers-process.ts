/** The callers of one load, in a process of their own: what they cost is not what they measure. */
import { VirtualCaller, type VirtualCallerOptions } from '@voicebus/testing/system';
import { paceFor } from './bare-pacer.ts';
import { emptyFigures } from './load-figures.ts';
import { speakTheTurns, talk } from './talking-caller.ts';

const [url = '', callers = '20', seconds = '60', media] = process.argv.slice(2);
const options: VirtualCallerOptions = { url, media: media === 'plain' ? 'plain' : 'webrtc' };
const talkers = Math.ceil(Number(callers) / 3);
const figures = emptyFigures();
const speech = await speakTheTurns();

const listening = await Promise.all(
  Array.from({ length: Number(callers) - talkers }, () => VirtualCaller.call(options)),
);
process.send?.('connected');
const pacing = paceFor(Number(seconds));
const endsMs = performance.now() + Number(seconds) * 1_000;
const over = new Promise<void>((resolve) => setTimeout(resolve, Number(seconds) * 1_000));

/** Who only listens is asked whether they are there, and hung up on: then they call again. */
async function listen(first: VirtualCaller): Promise<void> {
  for (let caller = first; ; caller = await VirtualCaller.call(options)) {
    await Promise.race([caller.ended, over]);
    await caller.close();
    if (performance.now() >= endsMs) return;
  }
}

async function keepTalking(): Promise<void> {
  while (performance.now() < endsMs) await talk(options, speech, figures).catch(failed);
}

function failed(thrown: unknown): void {
  figures.failures.push(thrown instanceof Error ? thrown.message : String(thrown));
}

await Promise.all([
  ...listening.map((caller) => listen(caller).catch(failed)),
  ...Array.from({ length: talkers }, keepTalking),
]);
figures.callersLateness.push(...(await pacing));
process.send?.(figures, () => process.exit(0));
