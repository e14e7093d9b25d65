// Words of many synthetic documents, made into an index and asked. Usage: text-scale.ts <documents> <words of a document> <queries>
import { readFileSync } from 'node:fs';
import type { Method } from '../../dist/methods/method.js';
import { type DocumentWords, wordMethods } from '../../dist/methods/words.js';
import { Random } from '../../dist/training/random.js';
import { syntheticBag, syntheticWord } from '../synthetic-text.ts';

const [documents, words, queries] = process.argv.slice(2).map(Number) as [number, number, number];
const random = new Random(1);

const began = performance.now();
const stored = storedWords();
const made = performance.now();
const methods = wordMethods(stored, {
  ids: (asked) => new Map(Array.from(asked, (word) => [word, Number(word.slice(1))] as const)),
  words: (ids) => ids.map(syntheticWord),
});
const names = ['bow', 'tfidf', 'bm25'] as const;
for (const name of names) void methods[name];
const built = performance.now();

const asked = Array.from({ length: queries + 10 }, (_, i) => syntheticBag(random, i % 2 === 0 ? 10 : words));
const milliseconds: Record<string, number[]> = {};
const cpu: Record<string, number> = {};
for (const name of names) {
  const method: Method = methods[name];
  const taken: number[] = [];
  let before = process.cpuUsage();
  for (const [i, { ids, counts }] of asked.entries()) {
    // The first ones warm up.
    if (i === 10) before = process.cpuUsage();
    const start = performance.now();
    const [query] = await method.represent([{ kind: 'text', terms: Array.from(ids, syntheticWord), counts }]);
    method.search(query, 10);
    if (i >= 10) taken.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  milliseconds[name] = taken;
  cpu[name] = (user + system) / 1000 / queries;
}
const peak = /^VmHWM:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
console.log(
  JSON.stringify({
    items: documents,
    seconds: (built - made) / 1000,
    peakMegabytes: peak === undefined ? undefined : Number(peak) / 1024,
    indexMegabytes: process.memoryUsage().arrayBuffers / 2 ** 20,
    entries: stored.termIds.length,
    makingSeconds: (made - began) / 1000,
    milliseconds,
    cpu,
  }),
);

/** As the catalog reads them. */
function storedWords(): DocumentWords {
  const indptr = new Uint32Array(documents + 1);
  const termIds = new Uint32Array(documents * words);
  const counts = new Uint16Array(documents * words);
  let at = 0;
  for (let row = 0; row < documents; row++) {
    const bag = syntheticBag(random, words);
    termIds.set(bag.ids, at);
    counts.set(bag.counts, at);
    at += bag.ids.length;
    indptr[row + 1] = at;
  }
  return {
    ids: Int32Array.from({ length: documents }, (_, row) => row + 1),
    ties: Uint32Array.from({ length: documents }, () => random.bits()),
    indptr,
    termIds: termIds.slice(0, at),
    counts: counts.slice(0, at),
  };
}
