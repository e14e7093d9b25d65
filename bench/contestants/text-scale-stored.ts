// Many synthetic documents in an index on disk, with all that indexing keeps of a text: words, the text, shingles. Written,
// opened, asked through the library. Left out: the files themselves, and passages, which short documents have none of.
// Usage: text-scale-stored.ts <documents> <words of a document> <queries>
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { keepText } from '../../dist/features/keep-text.js';
import { Catalog } from '../../dist/index/catalog.js';
import { createIndexDirectory } from '../../dist/index/layout.js';
import { open } from '../../dist/sandglass.js';
import { snippetOf } from '../../dist/text/snippet.js';
import { TEXT_RULES, textParts } from '../../dist/text/text-parts.js';
import { Random } from '../../dist/training/random.js';
import { scratch } from '../data.ts';
import { syntheticText } from '../synthetic-text.ts';

const [documents, words, queries] = process.argv.slice(2).map(Number) as [number, number, number];
const WARM_UP = 10;
const random = new Random(1);
const folder = scratch(`scale-${documents}`);
mkdirSync(folder, { recursive: true });
const layout = createIndexDirectory(join(folder, '.sandglass'));
const peakMegabytes = () => Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

const began = performance.now();
let entries = 0;
/** Texts of some documents, to ask for their copies with. */
const copied: string[] = [];
const askedEvery = Math.ceil(documents / (queries + WARM_UP));
const catalog = Catalog.open(layout);
const root = catalog.roots.put(folder);
for (let from = 0; from < documents; from += 1000) {
  catalog.items.put(
    Array.from({ length: Math.min(1000, documents - from) }, (_, i) => {
      const text = syntheticText(random, words);
      const parts = textParts(text, 'en');
      const { deflated, characters, passages, shingles } = keepText(parts);
      entries += parts.feature.terms.length;
      if ((from + i) % askedEvery === 0) copied.push(text);
      const path = `${from + i}.txt`;
      const hash = createHash('sha256').update(path).digest('hex');
      const size = text.length;
      const facts = { rootId: root.id, path, kind: 'text', format: 'txt', size, mtimeMs: 0, hash } as const;
      const document = { deflated, characters, language: 'en', rules: TEXT_RULES };
      return { ...facts, snippet: snippetOf(text), words, bag: parts.feature, document, passages, shingles };
    }),
  );
}
catalog.close();
const made = performance.now();
const writingPeak = peakMegabytes();

const index = await open(folder, { readOnly: true, device: 'cpu' });
const names = ['bow', 'tfidf', 'bm25', 'minhash'] as const;
const buildSeconds: Record<string, number> = {};
for (const method of names) {
  const start = performance.now();
  await index.query({ text: copied[0]! }, { method });
  buildSeconds[method] = (performance.now() - start) / 1000;
}
const built = performance.now();
const drawn = Array.from({ length: queries + WARM_UP }, (_, i) => syntheticText(random, i % 2 === 0 ? 10 : words));
const milliseconds: Record<string, number[]> = {};
const cpu: Record<string, number> = {};
for (const method of names) {
  const taken: number[] = [];
  let before = process.cpuUsage();
  // By chance, no eight words in a row stand in two documents: shingles are asked for copies.
  for (const [i, text] of (method === 'minhash' ? copied : drawn).entries()) {
    // The first ones warm up.
    if (i === WARM_UP) before = process.cpuUsage();
    const start = performance.now();
    const { hits } = await index.query({ text }, { method });
    if (hits.length === 0) throw new Error(`Expected hits for ${text}`);
    if (i >= WARM_UP) taken.push(performance.now() - start);
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
    buildSeconds,
    milliseconds,
    cpu,
  }),
);
