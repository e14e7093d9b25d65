// Questions to an index as a process of its own: from its start to the first hits, then warm ones.
// Usage: scale-question.mjs <index> <method> text|file <text or picture> <warm questions>
import { open } from '../../dist/sandglass.js';
import { peakKilobytes } from './measured.mjs';

const [directory, method, kind, value, warm] = process.argv.slice(2);
const index = await open(directory, { readOnly: true });
const ask = async () => {
  const { hits } = await index.query({ [kind]: value }, { method, k: 10 });
  if (hits.length === 0) throw new Error(`Expected hits of ${method}`);
};
await ask();
// Counted from the start of the process.
const seconds = performance.now() / 1000;
const milliseconds = [];
for (let i = 0; i < Number(warm); i++) {
  const began = performance.now();
  await ask();
  milliseconds.push(performance.now() - began);
}
await index.close();
console.log(JSON.stringify({ seconds, milliseconds, peakMegabytes: peakKilobytes() / 1024 }));
