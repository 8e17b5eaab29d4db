import { cacheFolder } from './cache.mjs';
import { createEnsureDebianPackages, installDebianNeeds } from './debian.mjs';
import { readEnvironment } from './environment.mjs';
import { installPackages } from './packages.mjs';
import { obtainRecogniser, recogniserNeeds } from './recogniser.mjs';
import { redisNeed } from './redis.mjs';
import { inRepository } from './repository.mjs';
import { ensureToolchain } from './toolchain.mjs';
import { buildWeb } from './web-build.mjs';
import { workerBuildNeed } from './worker-build.mjs';
import { obtainWorker, planWorker } from './worker.mjs';

const compiledFolder = inRepository('node_modules', '.cache', 'compiled');

/**
 * @typedef {{ worker?: boolean, recogniser?: boolean, web?: boolean, redis?: boolean,
 *   debianNeeds?: import('./debian.mjs').DebianNeed[] }} Wants
 */

/**
 * Everything that a command needs, in the order in which one needs the other.
 * Debian's packages come as one list before anything that may compile; what is
 * independent of each other runs at the same time.
 *
 * @param {{ wants: Wants, steps: ReturnType<import('./steps.mjs').createSteps>, signal: AbortSignal }} options
 */
export async function setup({ wants, steps, signal }) {
  const cache = cacheFolder();
  const environment = readEnvironment();
  const [toolchain, workerPlan] = await allOrFirstError([
    steps.run('Node and pnpm', (step) => ensureToolchain({ cache, signal, ...step })),
    wants.worker ? planWorker({ cache, environment, signal }) : undefined,
  ]);

  const needs = [
    ...(wants.debianNeeds ?? []),
    ...(wants.recogniser ? await recogniserNeeds() : []),
    ...(wants.redis ? [redisNeed] : []),
    ...(workerPlan?.source === 'build' ? [workerBuildNeed] : []),
  ];
  await steps.run('System packages', (step) =>
    installDebianNeeds(needs, { ...step, signal, environment }),
  );
  await steps.run('Packages', (step) => installPackages({ toolchain, cache, signal, ...step }));

  const [workerFile, recogniserFile] = await allOrFirstError([
    wants.worker &&
      steps.run('Media worker', (step) =>
        obtainWorker({
          plan: workerPlan,
          cache,
          nodeFile: toolchain.nodeFile,
          signal,
          ensureDebianPackages: createEnsureDebianPackages({ ...step, signal, environment }),
          ...step,
        }),
      ),
    wants.recogniser &&
      steps.run('Offline recogniser', (step) =>
        obtainRecogniser({
          cache,
          ensureDebianPackages: createEnsureDebianPackages({ ...step, signal, environment }),
          ...step,
        }),
      ),
    wants.web && steps.run('Web page', (step) => buildWeb({ cache, toolchain, signal, ...step })),
  ]);
  return {
    toolchain,
    environment: {
      ...toolchain.environment,
      // Every service is many small files of TypeScript: what Node made of them is there at the next start.
      NODE_COMPILE_CACHE: compiledFolder,
      ...(workerFile && { MEDIASOUP_WORKER_BIN: workerFile }),
      ...(recogniserFile && { VOICEBUS_RECOGNISER_BIN: recogniserFile }),
    },
  };
}

/** Waits for all, so that nothing goes on unseen, and then reports the first failure. */
async function allOrFirstError(promises) {
  const results = await Promise.allSettled(promises);
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  return results.map(({ value }) => value);
}
