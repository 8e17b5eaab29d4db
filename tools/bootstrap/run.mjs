import { spawn } from 'node:child_process';

import { listenForEnd } from './ending.mjs';
import { rootFolder } from './repository.mjs';
import { setup } from './setup.mjs';
import { createSteps } from './steps.mjs';

// `node tools/bootstrap/run.mjs [--with=worker,recogniser,web,redis] [--env=NAME=value] FILE [arguments]` sets up
// what a command needs and runs it with the project's Node: for measurements and other long work. What
// setting up says goes to stderr, so that stdout is the command's alone.
const write = (line) => process.stderr.write(`${line}\n`);
const end = listenForEnd();

try {
  const { wants, variables, command } = readArguments(process.argv.slice(2));
  const { toolchain, environment } = await setup({
    wants,
    steps: createSteps({ write }),
    signal: end,
  });
  process.exitCode = await runToEnd(toolchain.nodeFile, command, {
    ...process.env,
    ...environment,
    ...variables,
  });
} catch (error) {
  write(end.aborted ? `Ended: ${end.reason.message}.` : error.message);
  process.exitCode = end.aborted ? end.reason.exitCode : 1;
}
process.exit();

function readArguments(given) {
  const wants = {};
  const variables = {};
  let index = 0;
  for (; given[index]?.startsWith('--'); index += 1) {
    const [name, ...rest] = given[index].slice(2).split('=');
    if (name === 'with') for (const part of rest.join('=').split(',')) wants[part] = true;
    else if (name === 'env') variables[rest[0]] = rest.slice(1).join('=');
    else throw new Error(`Unknown option --${name}.`);
  }
  if (given[index] === undefined) throw new Error('Name the file to run.');
  return { wants, variables, command: given.slice(index) };
}

function runToEnd(program, programArguments, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArguments, { cwd: rootFolder, env, stdio: 'inherit' });
    end.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}
