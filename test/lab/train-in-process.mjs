// Trains in a process of its own, to be killed or weighed: its options are JSON in the second argument.
import { existsSync, readFileSync } from 'node:fs';
import { train } from '../../dist/sandglass.js';

for await (const event of train(JSON.parse(process.argv[2]))) {
  if (event.phase === 'done')
    process.stdout.write(JSON.stringify({ parameters: event.summary.parameters, peak: peak() }));
}

/** The most memory this process ever had, in bytes; undefined where the system does not say. */
function peak() {
  if (!existsSync('/proc/self/status')) return undefined;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
