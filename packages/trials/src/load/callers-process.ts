/** The callers of one load, in a process of their own: what they cost is not what they measure. */
import { speak, VirtualCaller } from '@voicebus/testing/system';
import { emptyFigures } from './load-figures.ts';
import { talk } from './talking-caller.ts';

const [url = '', callers = '20', seconds = '60'] = process.argv.slice(2);
const talkers = Math.ceil(Number(callers) / 3);
const figures = emptyFigures();
const speech = await speak('flite-slt', 'Hello there, my good friends.');

const listening = await Promise.all(
  Array.from({ length: Number(callers) - talkers }, () => VirtualCaller.call({ url })),
);
process.send?.('connected');
const endsMs = performance.now() + Number(seconds) * 1_000;
const lane = async (): Promise<void> => {
  while (performance.now() < endsMs) {
    await talk(url, speech, figures).catch((thrown: unknown) =>
      figures.failures.push(thrown instanceof Error ? thrown.message : String(thrown)),
    );
  }
};
await Promise.all(Array.from({ length: talkers }, lane));
await Promise.all(listening.map((caller) => caller.close()));
process.send?.(figures, () => process.exit(0));
