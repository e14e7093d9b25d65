// Does going on with the shipped encoder on a folder's own pictures make it better, and never worse? Photos, drawings, small pictures.
//
// Bars: fine-tuning on the database photos never makes the recall of the attack benchmark worse; by the label-free benchmark it
// improves on the shipped encoder on a folder's own pictures, or the shipped one is kept.
// Options: --only photos (also: drawings, small), --database 150,240 (photos of a database), --fresh (make the cached pictures anew).
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runLabelFree } from '../dist/compare/label-free.js';
import { sample, seededRandom } from '../dist/compare/random.js';
import { foundAmongStrangers } from '../dist/compare/succession.js';
import type { Encoder } from '../dist/encoders/encoder.js';
import type { ImageFeature } from '../dist/image/image-feature.js';
import { Catalog } from '../dist/index/catalog.js';
import type { EncoderRecord } from '../dist/index/encoder-table.js';
import { indexLayout } from '../dist/index/layout.js';
import { adoption } from '../dist/library/adopt.js';
import { copyKinds } from '../dist/library/copies.js';
import { fillCodes } from '../dist/library/fill-codes.js';
import { learnEncoder } from '../dist/library/learn.js';
import { isHeldOut } from '../dist/library/training-data.js';
import { readCodeUnits } from '../dist/library/units.js';
import { Workspace } from '../dist/library/workspace.js';
import { codeMethod } from '../dist/methods/codes.js';
import { floatCodes } from '../dist/methods/searched-codes.js';
import { open } from '../dist/sandglass.js';
import { drawPictures } from '../scripts/draw-pictures.ts';
import { attackRecall, SPLIT_SEEDS, type Split, splitOf } from './attack-recall.ts';
import { attackedPhotos, featuresOf, type PictureFiles, photoFiles } from './attacked-photos.ts';
import { ARCHIVES, smallPictureFolder } from './collections.ts';
import { cached, demand, scratch } from './data.ts';
import { codeRanker } from './image-methods.ts';
import { installed, printHeader } from './machine.ts';

const SEED = 1234;
const PHOTOS = 300;
/** Of a database, so many photos are attacked. */
const ATTACKED = 100;
const DRAWINGS = 400;
const SMALL_PICTURES = 2_000;
/** Of the pictures that were learned from, so many are asked for by damaged copies. */
const ASKED_PICTURES = 100;
const ENCODED_AT_ONCE = 1_000;

/** An index of a folder with the shipped encoder, and a copy of it that was gone on with. */
interface Tuned {
  readonly workspace: Workspace;
  readonly shipped: EncoderRecord;
  readonly tuned: EncoderRecord;
  readonly heldOut: number;
  readonly seconds: number;
  /** What the product decides. */
  readonly adopted: boolean;
  readonly why: string;
}

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', default: 'photos,drawings,small' },
    database: { type: 'string', default: '150,240' },
    fresh: { type: 'boolean', default: false },
  },
});

const QUESTIONS: Readonly<Record<string, { readonly archives: readonly string[]; run(): Promise<void> }>> = {
  photos: {
    archives: ARCHIVES.photos,
    async run() {
      for (const database of flags.database.split(',').map(Number)) await reportPhotos(database);
    },
  },
  drawings: {
    archives: [],
    run: async () => reportFolder(`${DRAWINGS} drawings`, await drawings()),
  },
  small: {
    archives: [ARCHIVES.cifar],
    run: async () =>
      reportFolder(`${SMALL_PICTURES} pictures of CIFAR-10 (JPEG)`, await smallPictureFolder(SMALL_PICTURES)),
  },
};

printHeader('The shipped encoder, and gone on with on the folder’s own pictures', installed('onnxruntime-node'));
for (const name of flags.only.split(',')) {
  const question = QUESTIONS[name];
  if (question === undefined)
    throw new RangeError(`Expected --only ${Object.keys(QUESTIONS).join(', ')} but received ${name}`);
  demand(...question.archives);
  await question.run();
}

/** The attack benchmark, each split with the encoder that was tuned on its database. */
async function reportPhotos(database: number): Promise<void> {
  const photos = await photoFiles();
  const features = [...(await featuresOf('photos', photos)), ...(await featuresOf('attacks', await attackedPhotos()))];
  console.log(
    `${database} photos; recall of attacked copies at .5 % false positives, ${SPLIT_SEEDS.length} splits of ${PHOTOS} photos; ` +
      'what the rule keeps is the last column',
  );
  const kept: number[] = [];
  const before: number[] = [];
  for (const seed of SPLIT_SEEDS) {
    const split = splitInto(database, seed);
    const made = await tune(`tuned-${database}-${seed}`, folderOf(photos, split.database));
    const recall = async (record: EncoderRecord) => {
      const codes = await encoded(await made.workspace.encoder(record), features);
      return attackRecall(await codeRanker(record.method, codes, record.dimensions), PHOTOS, split).recall;
    };
    const [shipped, tuned] = [await recall(made.shipped), await recall(made.tuned)];
    before.push(shipped);
    kept.push(made.adopted ? tuned : shipped);
    console.log(
      `split ${seed}  ${String(made.heldOut).padStart(2)} held out  shipped ${figure(shipped)}  tuned ${figure(tuned)}  ` +
        `${made.adopted ? 'taken' : 'left'}  ${figure(kept.at(-1)!)}`,
    );
    console.log(`  ${made.why}`);
    await made.workspace.close();
  }
  console.log(`mean  shipped ${figure(mean(before))}  after the rule ${figure(mean(kept))}\n`);
}

/** Damaged copies of pictures that the tuned encoder has learned from: what most of a folder is. */
async function reportFolder(title: string, folder: string): Promise<void> {
  const made = await tune('tuned-folder', folder);
  const { workspace, shipped, tuned } = made;
  const learned: number[] = [];
  workspace.catalog.items.each(({ id, tie }) => {
    if (!isHeldOut(tie)) learned.push(id);
  }, 'image');
  const items = sample(learned, ASKED_PICTURES, seededRandom('tuned', SEED)).map((id) => ({ id, heldOut: false }));
  const methodOf = async (name: string, record: EncoderRecord) => {
    const { items, codes } = readCodeUnits(workspace.catalog, record.id, false);
    return codeMethod({
      name,
      encoder: await workspace.encoder(record),
      codes: floatCodes(codes as Float32Array, items, record.dimensions),
    });
  };
  const outcome = await runLabelFree({
    methods: [await methodOf('shipped', shipped), await methodOf('tuned', tuned)],
    items,
    kinds: copyKinds(workspace, 'image'),
    seed: SEED,
  });
  console.log(
    `${title}; ${outcome.queries.length} damaged copies of ${items.length} that were learned from: told from strangers, mean reciprocal rank`,
  );
  for (const { method, perQuery, scores } of outcome.methods) {
    const rank = mean(perQuery.map(({ reciprocalRank }) => reciprocalRank));
    console.log(`${method.padEnd(8)} ${figure(foundAmongStrangers(scores!))}  ${figure(rank)}`);
  }
  console.log(`${made.heldOut} held out, tuned in ${made.seconds.toFixed(0)} s: ${made.adopted ? 'taken' : 'left'}`);
  console.log(`  ${made.why}\n`);
  await workspace.close();
}

/** Indexes a folder, goes on with the shipped encoder on it, and asks the product's rule. */
async function tune(name: string, folder: string): Promise<Tuned> {
  const directory = scratch(name);
  const index = await open(directory, { create: true, device: 'cpu' });
  for await (const event of index.add(folder, { train: 'never' }))
    if (event.phase === 'notice') console.error(event.text);
  await index.close();
  const layout = indexLayout(directory);
  const workspace = new Workspace(layout, Catalog.open(layout), 'cpu');
  const { signal } = new AbortController();
  const notice = (text: string) => console.error(text);
  const shipped = workspace.activeEncoder('image');
  if (shipped === undefined) throw new Error('Expected a shipped encoder');
  const { record: tuned, seconds } = await learnEncoder(workspace, 'image', {
    seed: SEED,
    quality: 'default',
    signal,
    onTraining: ({ step, steps }) => process.stderr.write(`\rstep ${step} of ${steps} `),
    onEncoded: () => undefined,
    notice,
  });
  await fillCodes(workspace, tuned, { signal, onEncoded: () => undefined, notice });
  const { adopted, sentence } = await adoption(workspace, tuned, shipped, {
    seed: SEED,
    signal,
    onProgress: () => undefined,
  });
  let heldOut = 0;
  workspace.catalog.items.each(({ tie }) => {
    if (isHeldOut(tie)) heldOut++;
  }, 'image');
  return { workspace, shipped, tuned, heldOut, seconds, adopted, why: sentence };
}

/** The splits of the attack benchmark; with a larger database, the strangers are what is left. */
function splitInto(database: number, seed: number): Split {
  const halves = splitOf(PHOTOS, seed);
  if (database * 2 === PHOTOS) return halves;
  const rows = Array.from({ length: PHOTOS }, (_, row) => row);
  const order = sample(rows, PHOTOS, seededRandom('split', seed));
  return { database: order.slice(0, database), asked: order.slice(0, ATTACKED), strangers: order.slice(database) };
}

function folderOf(photos: PictureFiles, rows: readonly number[]): string {
  const folder = scratch('tuned-photos');
  mkdirSync(folder, { recursive: true });
  for (const row of rows) copyFileSync(join(photos.folder, photos.paths[row]!), join(folder, photos.paths[row]!));
  return folder;
}

function drawings(): Promise<string> {
  return cached(`drawings-${DRAWINGS}`, async (folder) => {
    await drawPictures(folder, { count: DRAWINGS, seed: SEED });
  }).then((folder) => join(folder, 'drawings'));
}

async function encoded(encoder: Encoder, features: readonly ImageFeature[]): Promise<Float32Array> {
  const codes = new Float32Array(features.length * encoder.dimensions);
  for (let from = 0; from < features.length; from += ENCODED_AT_ONCE)
    codes.set(await encoder.encode(features.slice(from, from + ENCODED_AT_ONCE)), from * encoder.dimensions);
  return codes;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function figure(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}
