// Are mirrored, turned and negative copies better found by asking with every orientation, or by keeping all pictures in
// one? On copies of pictures that were never trained on: npx tsx scripts/measure-orientations.ts [encoder.onnx]
import { readFileSync } from 'node:fs';
import { orientationsOf } from '../dist/image/orientations.js';
import { encodeAll } from './copy-training/check-encoder.ts';
import { type CopySet, cosine, recallOf, type Similarity } from './copy-training/held-out-copies.ts';
import { checkedCopies } from './copy-training/training-pictures.ts';

const BYTES = 3 * 64 * 64;
const CELLS = 64 * 64;
/** Mirrored, upside down, turned by 90°, 180° and 270°, and the negative: places in what orientationsOf gives. */
const LYING = { mirrored: 1, 'upside down': 2, 'turned 90': 5, 'turned 180': 3, 'turned 270': 6, negative: 8 } as const;

type Rows = (thumbnails: Uint8Array) => Uint8Array[];

const rowsOf: Rows = (thumbnails) =>
  Array.from({ length: thumbnails.length / BYTES }, (_, row) => thumbnails.subarray(row * BYTES, (row + 1) * BYTES));

/** Copies of the ordinary kinds, and the same pictures lying otherwise: each kind a third of {@link CopySet}'s. */
function withLying(set: CopySet): CopySet {
  const lying = (thumbnails: Uint8Array, from: Uint8Array) => {
    const undamaged = rowsOf(from).slice(0, set.copied);
    const others = Object.values(LYING).flatMap((way) => undamaged.map((planes) => orientationsOf(planes)[way]!));
    return Uint8Array.from(Buffer.concat([thumbnails, ...others]));
  };
  // Of strangers there is no undamaged copy but the one that was only made smaller.
  const scaled = set.names.indexOf('scale .55') * set.copied * BYTES;
  return {
    ...set,
    names: [...set.names, ...Object.keys(LYING)],
    copies: lying(set.copies, set.database),
    strangers: lying(set.strangers, set.strangers.subarray(scaled, scaled + set.copied * BYTES)),
  };
}

/** The orientation, and positive or negative, in which the light lies at the left, at the top, and there is more of it. */
function canonical(planes: Uint8Array): Uint8Array {
  const grey = Float32Array.from({ length: CELLS }, (_, i) => planes[i]! + planes[CELLS + i]! + planes[2 * CELLS + i]!);
  const mean = grey.reduce((sum, value) => sum + value, 0) / CELLS;
  const isDark = mean < (3 * 255) / 2;
  const sign = isDark ? -1 : 1;
  let [across, down] = [0, 0];
  grey.forEach((value, i) => {
    across += sign * (value - mean) * ((i % 64) - 31.5);
    down += sign * (value - mean) * (Math.floor(i / 64) - 31.5);
  });
  const way = (across > 0 ? 1 : 0) | (down > 0 ? 2 : 0) | (Math.abs(across) > Math.abs(down) ? 4 : 0);
  const lying = orientationsOf(planes)[way]!;
  return isDark ? lying.map((value) => 255 - value) : lying;
}

/** The best of the variants of each query, which stand one after the other. */
const bestOf =
  (variants: number): Similarity =>
  (queries, database, dimensions) => {
    const all = cosine(queries, database, dimensions);
    const columns = database.length / dimensions;
    const best = new Float32Array(all.length / variants).fill(-1);
    for (let at = 0; at < all.length; at++) {
      const to = Math.floor(at / columns / variants) * columns + (at % columns);
      if (all[at]! > best[to]!) best[to] = all[at]!;
    }
    return best;
  };

const encoder = readFileSync(process.argv[2] ?? new URL('../models/copy-64/encoder.onnx', import.meta.url));
const set = withLying(await checkedCopies());
const ways: Readonly<
  Record<
    string,
    { query: (planes: Uint8Array) => Uint8Array[]; item: (planes: Uint8Array) => Uint8Array; variants: number }
  >
> = {
  'as they lie': { query: (planes) => [planes], item: (planes) => planes, variants: 1 },
  '8 orientations asked': {
    query: (planes) => orientationsOf(planes).slice(0, 8),
    item: (planes) => planes,
    variants: 8,
  },
  '16, negatives too': { query: orientationsOf, item: (planes) => planes, variants: 16 },
  'one canonical orientation': { query: (planes) => [canonical(planes)], item: canonical, variants: 1 },
};
for (const [way, { query, item, variants }] of Object.entries(ways)) {
  const made = (thumbnails: Uint8Array, make: (planes: Uint8Array) => Uint8Array[]) =>
    encodeAll(encoder, Uint8Array.from(Buffer.concat(rowsOf(thumbnails).flatMap(make))));
  const [database, copies, strangers] = [
    await made(set.database, (planes) => [item(planes)]),
    await made(set.copies, query),
    await made(set.strangers, query),
  ];
  const dimensions = database.length / (set.database.length / BYTES);
  const { byChange } = recallOf(set, { database, copies, strangers }, dimensions, bestOf(variants));
  const mean = (names: readonly string[]) => names.reduce((sum, name) => sum + byChange[name]!, 0) / names.length;
  const lying = Object.keys(LYING);
  const ordinary = set.names.filter((name) => !lying.includes(name));
  const each = lying.map((name) => `${name} ${byChange[name]!.toFixed(2)}`).join(', ');
  console.log(
    `${way}: ordinary damage ${mean(ordinary).toFixed(3)}, lying otherwise ${mean(lying).toFixed(3)} (${each})`,
  );
}
