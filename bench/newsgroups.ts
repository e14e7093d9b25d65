// Does the auto-encoder put posts of the same newsgroup first, before word counts and TF-IDF? 20 Newsgroups by date.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type MethodReport, open } from '../dist/sandglass.js';
import { archivedFiles, cached, demand, scratch, writeFiles } from './data.ts';
import { installed, printHeader } from './machine.ts';

const ARCHIVE = '20newsgroups/20news-bydate.tar.gz';
const SEED = 1234;

const { values: flags } = parseArgs({
  options: {
    /** Posts of the test part that are asked; all by default. */
    sample: { type: 'string', default: '7532' },
    seed: { type: 'string', default: String(SEED) },
    fresh: { type: 'boolean', default: false },
  },
});
const [sample, seed] = [Number(flags.sample), Number(flags.seed)];

demand(ARCHIVE);
printHeader(
  '20 Newsgroups: posts of the same group by auto-encoder, word counts and TF-IDF',
  installed('onnxruntime-node'),
);
const folder = await cached('newsgroups', (into) => writeFiles(into, archivedFiles(ARCHIVE)));
const [database, queries] = ['20news-bydate-train', '20news-bydate-test'].map((part) =>
  join(folder, 'data/20ng', part),
);
await using index = await open(scratch('newsgroups'), { create: true });

const before = process.cpuUsage();
for await (const event of index.add(database!, { seed })) {
  if (event.phase === 'train')
    process.stderr.write(`\rstep ${event.step} of ${event.steps}, loss ${event.loss.toFixed(3)}  `);
  if (event.phase !== 'done') continue;
  const { user, system } = process.cpuUsage(before);
  for (const { items, seconds } of event.summary.trained)
    console.log(`trained on ${items} posts (a tenth is held out): ${seconds.toFixed(0)} s`);
  console.log(
    `the whole run: ${event.summary.seconds.toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of processor time\n`,
  );
}

const { report } = await index.compare({ labels: 'folders', queries: queries!, sample, seed });
console.log(
  `protocol: ${report.protocol}; ${report.queries} posts of the test part over ${report.items} of the training part, ` +
    `posts whole with headers, the group is the class, seed ${report.seed}\n`,
);
console.log('method     P@1   P@10  P@100    mAP  bytes/item  ms/query');
for (const { method, precisionAt, map, bytesPerItem, msPerQuery } of report.methods) {
  const figures = [precisionAt['1'], precisionAt['10'], precisionAt['100'], map].map((value) =>
    value.toFixed(3).padStart(6),
  );
  console.log(
    [method.padEnd(7), ...figures, bytesPerItem.toFixed(0).padStart(11), msPerQuery.toFixed(2).padStart(9)].join(' '),
  );
}
const by = (name: string): MethodReport => report.methods.find(({ method }) => method === name)!;
for (const k of ['10', '100'] as const) {
  const [ours, bow, tfidf] = ['ae', 'bow', 'tfidf'].map((name) => by(name).precisionAt[k]) as [number, number, number];
  console.log(`P@${k}: ae / tfidf = ${(ours / tfidf).toFixed(2)}, ae / bow = ${(ours / bow).toFixed(2)}`);
}
