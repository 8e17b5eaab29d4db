import { writeFile } from 'node:fs/promises';

import { describeRedisUsers } from './redis-users.mjs';

// `node tools/redis/write-users.mjs [FILE]` writes the users that `redis-server --aclfile FILE` reads, with
// passwords from the environment; without a file they go to stdout.
try {
  const users = describeRedisUsers(process.env);
  const [file] = process.argv.slice(2);
  if (file === undefined) process.stdout.write(users);
  // Redis may run as another user. There is no password in it, only hashes of random ones.
  else await writeFile(file, users, { mode: 0o644 });
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
