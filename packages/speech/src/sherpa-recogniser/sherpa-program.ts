import { serveCallers } from './serve-callers.ts';
import { loadStreamingEngine } from './streaming-engine.ts';

const [folder = ''] = process.argv.slice(2);
await serveCallers(() => loadStreamingEngine(folder));
