/**
 * Puts what the browser loads by address into public/vad: the speech model, its runtime and our audio
 * worklets. The runtime is resolved through vad-web, so that both always are of one version.
 */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const web = path.join(import.meta.dirname, '..');
const target = path.join(web, 'public', 'vad');
const client = createRequire(
  createRequire(path.join(web, 'package.json')).resolve('@voicebus/client'),
);
const vadFile = client.resolve('@ricky0123/vad-web');
const runtimeFile = createRequire(vadFile).resolve('onnxruntime-web/wasm');

const files = [
  path.join(path.dirname(vadFile), 'silero_vad_v5.onnx'),
  path.join(path.dirname(runtimeFile), 'ort-wasm-simd-threaded.mjs'),
  path.join(path.dirname(runtimeFile), 'ort-wasm-simd-threaded.wasm'),
];
const worklets = path.join(path.dirname(client.resolve('@voicebus/client')), '..', 'worklets');
for (const name of readdirSync(worklets)) files.push(path.join(worklets, name));

mkdirSync(target, { recursive: true });
for (const file of files) copyFileSync(file, path.join(target, path.basename(file)));
