import { workerData } from 'node:worker_threads';
import { serveRequests } from '../threads/serve-requests.ts';
import { runCommandModule } from './command-module.ts';
import type { FliteRequest } from './flite-pool.ts';
import { parseWave } from '../clauses/wave.ts';
import { parsePhones } from './phones.ts';
import { wordStarts } from './word-starts.ts';

if (!(workerData instanceof WebAssembly.Module)) throw new TypeError('flite was not handed over');
const module = workerData;

serveRequests(({ voice, text }: FliteRequest) => {
  const args = ['flite', '-voice', voice, '-psdur', '-t', text, '-o', '/out.wav'];
  const { file, printed } = runCommandModule(module, args);
  const wordStartsMs = wordStarts(text.split(' '), parsePhones(printed));
  return { ...parseWave(file), wordStartsMs };
});
