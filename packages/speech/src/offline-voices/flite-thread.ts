import { workerData } from 'node:worker_threads';
import { serveRequests } from '../threads/serve-requests.ts';
import { runCommandModule } from './command-module.ts';
import type { FliteRequest } from './flite-pool.ts';
import { parseWave } from '../clauses/wave.ts';

if (!(workerData instanceof WebAssembly.Module)) throw new TypeError('flite was not handed over');
const module = workerData;

serveRequests(({ voice, text }: FliteRequest) => {
  const args = ['flite', '-voice', voice, '-t', text, '-o', '/out.wav'];
  return parseWave(runCommandModule(module, args));
});
