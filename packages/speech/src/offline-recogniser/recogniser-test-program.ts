/** Speaks the recogniser's protocol as badly as its first argument says, for the tests. */
const behaviour = process.argv[2] ?? '';
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

if (behaviour === 'garbage') process.stdout.write('Segmentation fault\n');
else if (behaviour !== 'silent') say({ type: 'ready' });

if (behaviour === 'die') {
  process.stderr.write('I am broken');
  setTimeout(() => process.exit(4), 50);
}

if (behaviour === 'deaf') {
  // Ends with its parent all the same, as everything does that a test starts.
  process.stdin.on('end', () => process.exit(0)).pause();
  setTimeout(() => process.exit(0), 20_000);
} else {
  let input = Buffer.alloc(0);
  let samples = 0;
  process.stdin.on('data', (chunk: Buffer) => {
    input = Buffer.concat([input, chunk]);
    while (input.length >= 5 && input.length >= 5 + input.readUInt32LE(1)) {
      const size = input.readUInt32LE(1);
      const type = String.fromCharCode(input[0] ?? 0);
      if (type === 'A') samples += size / 2;
      if (type === 'E')
        say({ type: 'final', utterance: input.readUInt32LE(5), text: String(samples) });
      input = input.subarray(5 + size);
    }
  });
  process.stdin.on('end', () => process.exit(0));
}
