// A data set of IDX files: rows streamed into memory or a scratch file, or read where they lie.
import type { DataSets } from './data-set.ts';
import { IdxFile } from './idx-file.ts';
import type { IdxPair, IdxPairs } from './idx-names.ts';
import { counted, invalid, type Opening, throwIfStopped } from './opening.ts';
import type { PartWriter } from './part-writer.ts';
import { writeParts } from './parts.ts';
import { inPlaceSink, openSinks, type RowSink } from './row-sink.ts';
import { type Split, splitByNumber } from './split.ts';

interface OpenPair {
  readonly images: IdxFile;
  readonly labels: IdxFile | undefined;
}

/** @throws SandglassError DATA_SET_INVALID, ABORTED, DISK_FULL, OUTPUT_UNWRITABLE and those of reading files */
export async function openIdx(pairs: IdxPairs, opening: Opening): Promise<DataSets> {
  const open: IdxFile[] = [];
  try {
    const train = await openPair(pairs.train, opening, open);
    const test = pairs.test && (await openPair(pairs.test, opening, open));
    return await readPairs(train, test, opening);
  } finally {
    for (const file of open) await file.close();
  }
}

async function openPair(pair: IdxPair, opening: Opening, open: IdxFile[]): Promise<OpenPair> {
  const images = await IdxFile.open(pair.images);
  open.push(images);
  expectShape(images, opening);
  if (pair.labels === undefined) return { images, labels: undefined };
  const labels = await IdxFile.open(pair.labels);
  open.push(labels);
  if (labels.sizes.length > 1) {
    throw invalid(`Expected one number a row in ${labels.name} but received ${labels.sizes.join(' × ')}.`, labels.path);
  }
  if (labels.rows !== images.rows) {
    throw invalid(
      `Expected as many labels in ${labels.name} as rows in ${images.name}, ${images.rows}, but received ${labels.rows}.`,
      labels.path,
    );
  }
  return { images, labels };
}

/** The rows have to be what the network wants, but for axes of size 1, and for one of the two being a plain list. */
function expectShape(images: IdxFile, { shape, rowBytes }: Opening): void {
  const found = images.sizes.slice(1);
  const isList = shape.length === 1 || found.length === 1;
  const [wide, wanted] = [found, shape].map((sizes) => sizes.filter((size) => size > 1).join());
  if (isList ? images.rowBytes === rowBytes : wide === wanted) return;
  throw invalid(
    `Expected rows of ${shape.join(' × ')} in ${images.name}, as the network takes them, but received ` +
      `${found.length === 0 ? 'single values' : found.join(' × ')} (${counted(images.rowBytes, 'value')}); change the network's input.`,
    images.path,
  );
}

async function readPairs(train: OpenPair, test: OpenPair | undefined, opening: Opening): Promise<DataSets> {
  const { seed, testShare, notices } = opening;
  const split = test === undefined ? splitByNumber(train.images.rows, seed, testShare) : undefined;
  const testRows = split === undefined ? test!.images.rows : split.reduce((sum, part) => sum + part, 0);
  const trainRows = train.images.rows - (split === undefined ? 0 : testRows);
  if (split !== undefined && testRows > 0) {
    notices.push(
      `There is no file for testing: ${testRows.toLocaleString('en')} rows of ${train.images.name} are set aside.`,
    );
  }

  const labels = await readLabels(train);
  const testLabels = test && (await readLabels(test));
  const hasLabels = labels !== undefined && (test === undefined || testLabels !== undefined);
  const highest = [labels, testLabels].reduce((most, some) => some?.reduce((a, b) => Math.max(a, b), most) ?? most, 0);
  const labelNames = hasLabels ? Array.from({ length: highest + 1 }, (_, label) => String(label)) : undefined;

  const sinks = await idxSinks(train, test, split, [trainRows, testRows], opening);
  const total = trainRows + testRows;
  return await writeParts(opening, sinks, { kind: 'idx', noun: 'row', labelNames, named: false }, async (parts) => {
    const progress = { opening, total, before: 0 };
    await pour(train.images, labels, progress, (row) => (split?.[row] === 1 ? parts.test : parts.train));
    if (test !== undefined) {
      await pour(test.images, testLabels, { ...progress, before: train.images.rows }, () => parts.test);
    }
  });
}

async function readLabels({ labels }: OpenPair): Promise<Uint8Array | undefined> {
  if (labels === undefined) return undefined;
  const all = new Uint8Array(labels.rows);
  let length = 0;
  for await (const block of labels.blocks()) {
    all.set(block, length);
    length += block.length;
  }
  return all;
}

/** Uncompressed files that are too large for memory are left where they are. */
async function idxSinks(
  train: OpenPair,
  test: OpenPair | undefined,
  split: Split | undefined,
  capacities: readonly [number, number],
  opening: Opening,
): Promise<readonly [RowSink, RowSink]> {
  const files = test === undefined ? [train.images] : [train.images, test.images];
  const large = (capacities[0] + capacities[1]) * opening.rowBytes > opening.mostBytes;
  if (!large || files.some((file) => file.compressed)) return await openSinks(capacities, opening);
  const sinkOf = ({ path, offset, rowBytes }: IdxFile, part: number) =>
    inPlaceSink(path, offset, rowBytes, split && placesOf(split, part));
  return [sinkOf(train.images, 0), sinkOf(test?.images ?? train.images, 1)];
}

function placesOf(split: Split, part: number): Uint32Array {
  const places = new Uint32Array(split.length);
  let count = 0;
  split.forEach((of, row) => {
    if (of === part) places[count++] = row;
  });
  return places.slice(0, count);
}

async function pour(
  images: IdxFile,
  labels: Uint8Array | undefined,
  { opening, total, before }: { readonly opening: Opening; readonly total: number; readonly before: number },
  partOf: (row: number) => PartWriter,
): Promise<void> {
  const { rowBytes } = images;
  let row = 0;
  for await (const block of images.blocks()) {
    throwIfStopped(opening.signal);
    for (let at = 0; at < block.length; at += rowBytes, row++) {
      const waiting = partOf(row).append(block.subarray(at, at + rowBytes), '', labels?.[row]);
      if (waiting !== undefined) await waiting;
    }
    opening.onProgress({ stage: 'reading', done: before + row, total });
  }
}
