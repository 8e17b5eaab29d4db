import { spawn } from 'node:child_process';

/** Runs a program to its end; gives its standard output. Throws with what it wrote when it fails. */
export async function runProgram(
  program: string,
  programArguments: readonly string[],
  { limitMs = 30_000, input = '' }: { readonly limitMs?: number; readonly input?: string } = {},
): Promise<Buffer> {
  const child = spawn(program, programArguments, {
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  const output: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint.slice(-500)}`);
  return Buffer.concat(output);
}
