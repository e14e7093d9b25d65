// A question to an index as a process of its own, from its start to the first hits. Usage: open-query.mjs <index> <picture> <method>
import { open } from '../../dist/sandglass.js';
import { peakKilobytes } from './measured.mjs';

const [directory, picture, method] = process.argv.slice(2);
const index = await open(directory, { readOnly: true });
const { items } = await index.query({ file: picture }, { method });
// Counted from the start of the process.
const seconds = performance.now() / 1000;
await index.close();
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({ items, seconds, cpuSeconds: (user + system) / 1e6, peakMegabytes: peakKilobytes() / 1024 }),
);
