// Which pairs are worth an exact look? Every code that the index keeps proposes the pairs that are nearer than chance.
import { type BitRows, COMPARED, type NearPair, nearBits, PIECE } from '../duplicates/near-bits.ts';
import { nullRadius } from '../duplicates/null-radius.ts';
import { shinglePairs } from '../duplicates/shingle-pairs.ts';
import { turnedHashes } from '../duplicates/turned-hash.ts';
import type { Kind } from '../features/feature.ts';
import { pictureCode } from '../image/picture-codes.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { packSigns } from '../index/sign-bits.ts';
import { GRID_BYTES, isFlat } from '../methods/pixels.ts';
import type { Content } from './duplicate-contents.ts';
import { isPlainEncoder } from './plain-codes.ts';
import type { Workspace } from './workspace.ts';

/** Two contents, by row, and who proposed them. */
export interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly proposedBy: readonly string[];
}

/** Pairs that each code proposes for a row at most; fewer for copies that were turned or made negatives. */
const PER_ROW = 6;
const PER_ROW_CHANGED = 1;
/** Strangers that a row may meet by chance in one hash: the price of finding copies that changed much. */
const BY_CHANCE = 0.5;
/** The same in the code of an encoder, which has crops among what is farther away. */
const BY_CHANCE_LEARNED = 2;
/** However many strangers are that near, this share of the bits is: copies of a few files are not to be taken for chance. */
const NEAREST = 0.15;
/** However rare it is, nothing farther than this share of the bits is near. */
const FARTHEST = 0.3;
const FARTHEST_LEARNED = 0.4;
/**
 * Many codes are looked up in pieces, quick as long as a piece may be off by few bits: of a long code by one, as where a hash is
 * asked in seven ways; of a short one by two.
 */
const LONG_CODE = 32;
/** Hashes that are asked, each of another kind; the others would propose the same pairs again. */
const ASKED_HASHES: readonly string[] = ['phash', 'dhash', 'pdq'];
/** The hash whose bits tell what it would be, were the picture turned. */
const TURNED_HASH = 'phash';

/** Pairs of contents of a kind, ordered by row. */
export function candidatePairs(workspace: Workspace, kind: Kind, contents: readonly Content[]): Candidate[] {
  const found = new Map<number, Set<string>>();
  const propose = (method: string, rows: Int32Array, pairs: readonly { a: number; b: number }[]) => {
    for (const { a, b } of pairs) {
      const [one, other] = rows[a]! < rows[b]! ? [rows[a]!, rows[b]!] : [rows[b]!, rows[a]!];
      const key = one * contents.length + other;
      const methods = found.get(key);
      if (methods === undefined) found.set(key, new Set([method]));
      else methods.add(method);
    }
  };
  const rowOf = new Map(contents.map(({ files }, row) => [files[0].id, row]));
  if (kind === 'text') {
    const { rows, shingles } = shinglesOf(workspace, rowOf);
    propose('minhash', rows, shinglePairs(shingles, PER_ROW));
  }
  const flat = kind === 'image' ? flatPictures(workspace) : new Set<number>();
  for (const record of codesToAsk(workspace, kind)) {
    const { rows, bits } = bitsOf(workspace, record, rowOf, flat);
    if (rows.length < 2) continue;
    for (const { asked, pairs } of pairsByCode(record.method, isPlainEncoder(record), bits))
      propose(asked, rows, pairs);
  }
  return [...found]
    .map(([key, methods]) => ({
      a: Math.floor(key / contents.length),
      b: key % contents.length,
      proposedBy: [...methods],
    }))
    .sort((one, other) => one.a - other.a || one.b - other.b);
}

/**
 * The pairs that one code proposes, by row, and how it was asked: as it is, and a hash also as those of a negative and of a
 * turned picture.
 */
export function* pairsByCode(
  method: string,
  isHash: boolean,
  bits: BitRows,
): Generator<{ readonly asked: string; readonly pairs: readonly NearPair[] }> {
  const radius = isHash
    ? hashRadius(bits, BY_CHANCE, 2)
    : nullRadius(bits, BY_CHANCE_LEARNED, farthest(bits, FARTHEST_LEARNED, 2));
  yield { asked: method, pairs: nearBits(bits, { radius, perRow: PER_ROW }) };
  for (const [change, ways] of changedCodes(method, bits)) {
    const radius = hashRadius(bits, BY_CHANCE / ways.length, ways.length > 1 ? 1 : 2);
    for (const asked of ways)
      yield { asked: `${method}, ${change}`, pairs: nearBits(bits, { radius, perRow: PER_ROW_CHANGED, asked }) };
  }
}

/** @param bitsOff by which a piece may be off where codes are many */
function hashRadius(bits: BitRows, byChance: number, bitsOff: number): number {
  const most = farthest(bits, FARTHEST, bitsOff);
  const nearest = Math.min(most, Math.floor(NEAREST * bits.bytes * 8));
  return Math.max(nearest, nullRadius(bits, byChance, most));
}

function farthest({ codes, bytes }: BitRows, share: number, bitsOff: number): number {
  const most = Math.floor(share * bytes * 8);
  if (codes.length / bytes <= COMPARED) return most;
  const pieces = (bytes * 8) / PIECE;
  const off = bytes < LONG_CODE ? bitsOff : 1;
  return Math.min(most, Math.floor((off + 1) * pieces - 1));
}

/** What the hashes would be, were each picture a negative or turned: a way for each change. */
function changedCodes(method: string, { codes }: BitRows): [change: string, ways: Uint8Array[]][] {
  if (!ASKED_HASHES.includes(method)) return [];
  const negative: [string, Uint8Array[]] = ['negative', [codes.map((byte) => ~byte)]];
  return method === TURNED_HASH ? [negative, ['turned', turnedHashes(codes)]] : [negative];
}

/** Hashes of pictures, and the codes of encoders, whose signs are bits. */
function codesToAsk(workspace: Workspace, kind: Kind): EncoderRecord[] {
  const hashes = workspace.catalog.encoders
    .list()
    .filter((record) => record.kind === kind && record.state === 'active' && isPlainEncoder(record))
    .filter(({ method }) => ASKED_HASHES.includes(method));
  return [...hashes, ...workspace.activeEncoders(kind).filter(({ form }) => form !== 'bytes')];
}

/**
 * The bits of the contents that have a code which says something, ordered as the contents are.
 *
 * @param flat pictures whose hashes say nothing
 */
function bitsOf(
  { catalog }: Workspace,
  record: EncoderRecord,
  rowOf: ReadonlyMap<number, number>,
  flat: ReadonlySet<number>,
): { rows: Int32Array; bits: BitRows } {
  const { ids, codes } = catalog.codes.read(record.id);
  const all = codes instanceof Float32Array ? packSigns(codes, record.dimensions) : codes;
  const stored = ids.length === 0 ? 1 : all.length / ids.length;
  const hash = isPlainEncoder(record) ? pictureCode(record.method) : undefined;
  const bytes = hash === undefined ? stored : hash.dimensions / 8;
  const saysEnough = (id: number, row: number) => {
    const code = all.subarray(row * stored, (row + 1) * stored);
    if (hash !== undefined && (flat.has(id) || hash.saysEnough?.(code) === false)) return false;
    return code.some((byte) => byte !== 0);
  };
  const kept = Array.from(ids, (id, at) => ({ row: rowOf.get(id), id, at }))
    .filter(({ row, id, at }) => row !== undefined && saysEnough(id, at))
    .sort((a, b) => a.row! - b.row!);
  const packed = new Uint8Array(kept.length * bytes);
  for (const [i, { at }] of kept.entries()) packed.set(all.subarray(at * stored, at * stored + bytes), i * bytes);
  return { rows: Int32Array.from(kept, ({ row }) => row!), bits: { codes: packed, bytes } };
}

/** Ids of pictures without structure, whose hashes are rounding. */
function flatPictures({ catalog }: Workspace): Set<number> {
  const record = catalog.encoders.active('pixels', 'image');
  if (record === undefined) return new Set();
  const { ids, codes } = catalog.codes.read(record.id);
  const grid = (row: number) => (codes as Uint8Array).subarray(row * GRID_BYTES, (row + 1) * GRID_BYTES);
  return new Set([...ids].filter((_, row) => isFlat(grid(row))));
}

function shinglesOf({ catalog }: Workspace, rowOf: ReadonlyMap<number, number>) {
  const { ids, indptr, hashes } = catalog.shingles.read();
  const kept = Array.from(ids, (id, at) => ({ row: rowOf.get(id), at }))
    .filter(({ row }) => row !== undefined)
    .sort((a, b) => a.row! - b.row!);
  const starts = new Uint32Array(kept.length + 1);
  kept.forEach(({ at }, i) => {
    starts[i + 1] = starts[i]! + indptr[at + 1]! - indptr[at]!;
  });
  const all = new Uint32Array(starts.at(-1)!);
  for (const [i, { at }] of kept.entries()) all.set(hashes.subarray(indptr[at]!, indptr[at + 1]!), starts[i]!);
  return { rows: Int32Array.from(kept, ({ row }) => row!), shingles: { indptr: starts, hashes: all } };
}
