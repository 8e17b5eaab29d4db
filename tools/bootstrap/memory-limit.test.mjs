import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

import { watchMemory } from './memory-limit.mjs';
import { signalGroup } from './process-group.mjs';

test.runIf(process.platform === 'linux')(
  'a group is found that holds more than it may, over all of its processes',
  async () => {
    // The memory belongs to a child of the group's leader.
    const hungry = 'globalThis.kept = Buffer.alloc(200e6, 1); setInterval(() => {}, 1000)';
    const leader = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(hungry)}])`;
    const child = spawn(process.execPath, ['-e', `${leader}; setInterval(() => {}, 1000)`], {
      detached: true,
    });
    const bytes = await new Promise((resolve) => {
      watchMemory({ groupId: child.pid, limitBytes: 200e6, onExceeded: resolve });
    });
    signalGroup(child, 'SIGKILL');
    await once(child, 'close');
    expect(bytes).toBeGreaterThan(200e6);
  },
);
