// Words of many synthetic documents in an index on disk: written, opened, asked through the library.
// Usage: text-scale-stored.ts <documents> <words of a document> <queries>
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Catalog } from '../../dist/index/catalog.js';
import { createIndexDirectory } from '../../dist/index/layout.js';
import { open } from '../../dist/sandglass.js';
import { Random } from '../../dist/training/random.js';
import { scratch } from '../data.ts';
import { syntheticBag, syntheticWord } from '../synthetic-text.ts';

const [documents, words, queries] = process.argv.slice(2).map(Number) as [number, number, number];
const random = new Random(1);
const folder = scratch(`scale-${documents}`);
mkdirSync(folder, { recursive: true });
const layout = createIndexDirectory(join(folder, '.sandglass'));
const peakMegabytes = () => Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

const began = performance.now();
let entries = 0;
const catalog = Catalog.open(layout);
const root = catalog.roots.put(folder);
for (let from = 0; from < documents; from += 1000) {
  catalog.items.put(
    Array.from({ length: Math.min(1000, documents - from) }, (_, i) => {
      const { ids, counts } = syntheticBag(random, words);
      entries += ids.length;
      const path = `${from + i}.txt`;
      const hash = createHash('sha256').update(path).digest('hex');
      const facts = { rootId: root.id, path, kind: 'text', format: 'txt', size: 6 * words, mtimeMs: 0, hash } as const;
      return { ...facts, words, bag: { terms: Array.from(ids, syntheticWord), counts } };
    }),
  );
}
catalog.close();
const made = performance.now();
const writingPeak = peakMegabytes();

const index = await open(folder, { readOnly: true, device: 'cpu' });
const names = ['bow', 'tfidf', 'bm25'] as const;
for (const method of names) await index.query({ text: 'w1' }, { method });
const built = performance.now();
const asked = Array.from({ length: queries + 10 }, (_, i) =>
  Array.from(syntheticBag(random, i % 2 === 0 ? 10 : words).ids, syntheticWord).join(' '),
);
const milliseconds: Record<string, number[]> = {};
const cpu: Record<string, number> = {};
for (const method of names) {
  const taken: number[] = [];
  let before = process.cpuUsage();
  for (const [i, text] of asked.entries()) {
    // The first ones warm up.
    if (i === 10) before = process.cpuUsage();
    const start = performance.now();
    const { hits } = await index.query({ text }, { method });
    if (hits.length === 0) throw new Error(`Expected hits for ${text}`);
    if (i >= 10) taken.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  milliseconds[method] = taken;
  cpu[method] = (user + system) / 1000 / queries;
}
await index.close();
console.log(
  JSON.stringify({
    items: documents,
    entries,
    makingSeconds: (made - began) / 1000,
    seconds: (built - made) / 1000,
    writingPeak,
    peakMegabytes: peakMegabytes(),
    indexMegabytes: statSync(layout.catalog).size / 2 ** 20,
    milliseconds,
    cpu,
  }),
);
