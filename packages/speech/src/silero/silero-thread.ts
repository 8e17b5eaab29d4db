import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor, env } from 'onnxruntime-web/wasm';
import { serveRequests } from '../threads/serve-requests.ts';
import type { SileroRequest } from './silero.ts';
import { SileroBatcher } from './silero-batcher.ts';
import type { SileroBatch, SileroBatchResult } from './silero-batcher.ts';

// More threads need a shared memory and gain nothing at this size.
env.wasm.numThreads = 1;

async function loadModel(): Promise<InferenceSession> {
  // The package's main file lies beside the models.
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@ricky0123/vad-web'));
  const model = await readFile(join(folder, 'silero_vad_v5.onnx'));
  return InferenceSession.create(model, { executionProviders: ['wasm'] });
}

const loading = loadModel();
const sampleRate = new Tensor('int64', BigInt64Array.of(16_000n), []);

async function run(batch: SileroBatch): Promise<SileroBatchResult> {
  const session = await loading;
  const { size } = batch;
  const outputs = await session.run({
    input: new Tensor('float32', batch.input, [size, batch.input.length / size]),
    state: new Tensor('float32', batch.state, [2, size, batch.state.length / size / 2]),
    sr: sampleRate,
  });
  const { output, stateN } = outputs;
  if (!(output?.data instanceof Float32Array) || !(stateN?.data instanceof Float32Array)) {
    throw new TypeError('the model gave no probabilities');
  }
  return { probabilities: output.data, state: stateN.data };
}

const batcher = new SileroBatcher(run);

serveRequests(async ({ stream, window }: SileroRequest) => {
  if (window !== null) return batcher.add(stream, window);
  await loading;
  batcher.forget(stream);
  return 0;
});
