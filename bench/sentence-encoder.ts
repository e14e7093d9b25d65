// Does an imported sentence encoder put documents of one kind first, beside `ae`, LSA and plain words? Samples of labelled sets,
// through an index as a user has it; and what encoding costs.
//
// Options: --model FOLDER (a sentence encoder as `sandglass encoders import` takes it; needed), --set 20newsgroups (or another of
// text-sets.ts; several: a,b), --documents 400, --queries 100 (samples), --seed 1.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sample, seededRandom } from '../dist/compare/random.js';
import { type ImportSummary, open, type Sandglass } from '../dist/sandglass.js';
import { demand } from './data.ts';
import { installed, printHeader } from './machine.ts';
import { type LabelledDocument, TEXT_SETS } from './text-sets.ts';

const NAME = 'sentences';

const { values: flags } = parseArgs({
  options: {
    model: { type: 'string' },
    set: { type: 'string', default: '20newsgroups,bbc' },
    documents: { type: 'string', default: '400' },
    queries: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
  },
});
if (flags.model === undefined) {
  console.log('skipped: name the folder of a sentence encoder with --model');
  process.exit(0);
}
const seed = Number(flags.seed);

printHeader(
  'A sentence encoder beside the other methods',
  installed('onnxruntime-node'),
  installed('@huggingface/tokenizers'),
);
for (const name of flags.set.split(',')) {
  const source = TEXT_SETS[name];
  if (source === undefined)
    throw new RangeError(`Expected one of ${Object.keys(TEXT_SETS).join(', ')} but received ${name}`);
  demand(...source.archives);
  const { database, queries } = await source.load();
  const folder = mkdtempSync(join(tmpdir(), 'sandglass-sentences-'));
  try {
    write(join(folder, 'documents'), sampled('documents', database, Number(flags.documents)));
    write(join(folder, 'queries'), sampled('queries', queries, Number(flags.queries)));
    console.log(
      `\n${source.title}: ${source.protocol}; a sample of ${flags.documents} and ${flags.queries}, seed ${seed}`,
    );
    await using index = await open(join(folder, 'index'), { create: true, device: 'cpu' });
    for await (const event of index.add(join(folder, 'documents'), { seed }))
      if (event.phase === 'notice') console.log(event.text);
    const { encoded, seconds, encoder } = await imported(index, flags.model);
    console.log(
      `${encoder.dimensions} numbers; ${encoded} documents and passages in ${seconds.toFixed(0)} s (with the check): ${(encoded / seconds).toFixed(1)}/s`,
    );
    const { report } = await index.compare({
      labels: 'folders',
      queries: join(folder, 'queries'),
      sample: 100_000,
      seed,
    });
    for (const { method, precisionAt, map, msPerQuery } of report.methods)
      console.log(
        `  ${method.padEnd(10)} P@1 ${figure(precisionAt['1'])}  P@10 ${figure(precisionAt['10'])}  MAP ${figure(map)}  ${msPerQuery.toFixed(1)} ms a query`,
      );
    console.log(`default: ${(await index.status()).defaults.text?.sentence}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sampled(what: string, documents: readonly LabelledDocument[], count: number): LabelledDocument[] {
  return sample([...documents], count, seededRandom(what, seed));
}

/** A folder a label: several labels do not fit, the first one counts. */
function write(folder: string, documents: readonly LabelledDocument[]): void {
  documents.forEach(({ text, labels }, i) => {
    const label = join(folder, labels[0]!.replaceAll(/[^\w.-]/g, '-'));
    mkdirSync(label, { recursive: true });
    writeFileSync(join(label, `${i}.txt`), text);
  });
}

async function imported(index: Sandglass, folder: string): Promise<ImportSummary> {
  let summary: ImportSummary | undefined;
  for await (const event of index.importEncoder(folder, { name: NAME, seed }))
    if (event.phase === 'done') summary = event.summary;
  if (summary === undefined) throw new Error('Expected importing to end with a summary');
  return summary;
}

function figure(value: number | undefined): string {
  return value === undefined ? '–' : value.toFixed(3);
}
