// Codes in fewer bytes beside the same codes as floats.
import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../src/compare/random.ts';
import { packBytes, packHalves } from '../../src/index/quantize.ts';
import { packSigns } from '../../src/index/sign-bits.ts';
import { floatCodes, type ShortForm, shortCodes } from '../../src/methods/searched-codes.ts';
import { ranking } from './features.ts';

const DIMENSIONS = 32;
const ROWS = 3_000;
const K = 10;

const random = seededRandom('searched codes', 1);
const codes = unitCodes(ROWS);
const queries = unitCodes(20);
const items = ranking(ROWS);
const floats = floatCodes(codes, items, DIMENSIONS);
const codeOf = (row: number) => codes.subarray(row * DIMENSIONS, (row + 1) * DIMENSIONS);

const FORMS: readonly { form: ShortForm; packed: Uint8Array; bytes: number; error: number; recall: number }[] = [
  { form: 'float16', packed: packHalves(codes, DIMENSIONS), bytes: 64, error: 0.001, recall: 1 },
  { form: 'int8', packed: packBytes(codes, DIMENSIONS), bytes: 36, error: 0.01, recall: 1 },
  { form: 'signs', packed: packSigns(codes, DIMENSIONS), bytes: 4, error: 0.5, recall: 0.7 },
];

/** Codes of length 1. */
function unitCodes(rows: number): Float32Array {
  const made = Float32Array.from({ length: rows * DIMENSIONS }, () => random() - 0.5);
  for (let at = 0; at < made.length; at += DIMENSIONS) {
    const code = made.subarray(at, at + DIMENSIONS);
    const length = Math.hypot(...code);
    code.forEach((value, i) => {
      code[i] = value / length;
    });
  }
  return made;
}

function questions(): Float32Array[] {
  return Array.from({ length: queries.length / DIMENSIONS }, (_, i) =>
    queries.slice(i * DIMENSIONS, (i + 1) * DIMENSIONS),
  );
}

describe.each(FORMS)('Codes as $form', ({ form, packed, bytes, error, recall }) => {
  const short = shortCodes(form, packed, items, (rows) => rows.map(codeOf));

  it('take fewer bytes, and say that a hit may be missed', () => {
    expect(short.bytesPerItem).toBe(bytes);
    expect(short.approximate).toBe(true);
    expect(floats).toMatchObject({ bytesPerItem: 128 });
    expect(floats.approximate).toBeUndefined();
  });

  it('find most of what floats find, each with the score of its floats to the last bit, the best first', () => {
    let found = 0;
    for (const query of questions()) {
      const scores = floats.scores(query);
      const best = floats.search(query, K);
      const hits = short.search(query, K);
      expect(hits).toHaveLength(K);
      for (const { row, score } of hits) expect(score).toBe(scores[row]);
      expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).sort((a, b) => b - a));
      const rows = new Set(hits.map(({ row }) => row));
      found += best.filter(({ row }) => rows.has(row)).length;
    }
    expect(found / (K * questions().length)).toBeGreaterThanOrEqual(recall);
  });

  it('find only what is accepted, all of it where so much is asked for, and nothing where nothing is', () => {
    const [query] = questions();
    const isThird = (row: number) => row % 300 === 7;
    expect(short.search(query!, 20, isThird)).toEqual(floats.search(query!, 20, isThird));
    expect(short.search(query!, ROWS + 5).map(({ row }) => row)).toHaveLength(ROWS);
    expect(short.search(query!, 0)).toEqual([]);
    expect(short.search(query!, 3, () => false)).toEqual([]);
  });

  it('score all rows about as their floats do', () => {
    for (const query of questions()) {
      const right = floats.scores(query);
      const scores = short.scores(query);
      expect(Math.max(...scores.map((score, row) => Math.abs(score - right[row]!)))).toBeLessThan(error);
    }
  });

  it('leave what is there no more behind what is', () => {
    const [query] = questions();
    const first = short.search(query!, 1)[0]!.row;
    const lacking = shortCodes(form, packed, items, (rows) =>
      rows.map((row) => (row === first ? undefined : codeOf(row))),
    );
    const hits = lacking.search(query!, 60).map(({ row }) => row);
    expect(hits[0]).not.toBe(first);
    const none = shortCodes(form, packed, items, (rows) => rows.map(() => undefined));
    expect(none.search(query!, 3)).toHaveLength(3);
  });

  it('are none where there is none', () => {
    const empty = shortCodes(form, new Uint8Array(0), ranking(0), () => []);
    expect(empty.search(questions()[0]!, 5)).toEqual([]);
    expect(empty.bytesPerItem).toBe(0);
  });
});
