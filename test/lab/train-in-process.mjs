// Trains in a process of its own, to be killed: its options are JSON in the second argument.
import { train } from '../../dist/sandglass.js';

for await (const event of train(JSON.parse(process.argv[2]))) {
  process.stdout.write(`${event.phase}\n`);
}
