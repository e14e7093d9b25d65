// Sentence encoders: texts in, codes of length 1 out; passages, prefixes, pooling, batches.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import type { Encoder } from '../../src/encoders/encoder.ts';
import { readEncoderFolder } from '../../src/encoders/import-folder.ts';
import type { SentenceOptions } from '../../src/encoders/import-sentence.ts';
import { loadEncoder } from '../../src/encoders/load-encoder.ts';
import { readEncoder, storeEncoder } from '../../src/index/encoder-files.ts';
import { createIndexDirectory } from '../../src/index/layout.ts';
import type { TextFeature } from '../../src/text/text-feature.ts';
import { EXTERNAL_DIMENSIONS, externalModel } from './external-model.ts';
import { DIMENSIONS, type SentenceFolder, vectorOf, writeSentenceFolder } from './sentence-folders.ts';

const parent = mkdtempSync(join(tmpdir(), 'sandglass-sentences-'));
const layout = createIndexDirectory(join(parent, '.sandglass'));
const topics = { sea: ['ship', 'sail', 'mast'], bread: ['dough', 'oven', 'crust'], query: ['query', 'passage', ':'] };
const open: Encoder[] = [];
let made = 0;

afterEach(async () => {
  for (const encoder of open.splice(0)) await encoder.release();
});
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const folder = (description: Partial<SentenceFolder> = {}) =>
  writeSentenceFolder(join(parent, `model-${made++}`), { topics, ...description });

/** Imported, stored, and opened from where it is stored. */
async function encoderOf(path: string, options: SentenceOptions = {}): Promise<Encoder> {
  const { files } = await readEncoderFolder(path, options, 'cpu');
  const stored = await readEncoder(layout, await storeEncoder(layout, files));
  const encoder = await loadEncoder(stored.files, { device: 'cpu', directory: stored.directory });
  open.push(encoder);
  return encoder;
}

const text = (words: string, more: Partial<TextFeature> = {}): TextFeature => ({
  ...{ kind: 'text', terms: [], counts: new Uint16Array(), text: words, ...more },
});

async function codes(encoder: Encoder, ...features: TextFeature[]): Promise<number[][]> {
  const all = await encoder.encode(features);
  const { dimensions } = encoder;
  return features.map((_, row) => [...all.subarray(row * dimensions, (row + 1) * dimensions)]);
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const rounded = (code: readonly number[]) => code.map((x) => Number(x.toFixed(5)));

describe('A sentence encoder', () => {
  it('refuses features without their text, and remembers nothing', async () => {
    const encoder = await encoderOf(folder());
    const bare: TextFeature = { kind: 'text', terms: ['ship'], counts: Uint16Array.of(1) };
    await expect(encoder.encode([bare])).rejects.toThrow(/with its text/);
    await expect(encoder.reconstruct([text('ship')])).rejects.toThrow(/without a decoder/);
  });

  it('gives codes of length 1, alike where texts are about the same, even without a word in common', async () => {
    const encoder = await encoderOf(folder());
    expect(encoder).toMatchObject({ kind: 'text', dimensions: DIMENSIONS, readsText: true });
    const [ship, sail, oven] = await codes(encoder, text('the ship'), text('a sail'), text('an oven'));
    expect(dot(ship!, ship!)).toBeCloseTo(1);
    expect(dot(ship!, sail!)).toBeGreaterThan(dot(ship!, oven!) + 0.5);
  });

  it('gives zeros for a text of nothing, and something finite for what no keyboard has', async () => {
    const encoder = await encoderOf(folder());
    const [empty, blank, strange] = await codes(encoder, text(''), text(' \n\t '), text('\ud800 \u0000 ship \udfff'));
    expect(empty).toEqual(Array(DIMENSIONS).fill(0));
    expect(blank).toEqual(empty);
    expect(encoder.knowsNothingOf(text('  '))).toBe(true);
    expect(dot(strange!, strange!)).toBeCloseTo(1);
  });

  it('gives the same code alone and among others of any length', async () => {
    const encoder = await encoderOf(folder());
    const texts = ['ship', 'oven dough crust', 'sail '.repeat(40), '', 'mast ship'].map((words) => text(words));
    const together = await codes(encoder, ...texts);
    for (const [i, feature] of texts.entries())
      expect(rounded((await codes(encoder, feature))[0]!)).toEqual(rounded(together[i]!));
  });

  it('gives a document and its passages codes as each alone would have', async () => {
    const encoder = await encoderOf(folder());
    const halves = ['ship sail mast. '.repeat(70), 'dough oven crust. '.repeat(70)];
    const whole = halves.join('\n\n');
    const [document, sea, bread] = await codes(encoder, text(whole), ...halves.map((half) => text(half)));
    const mean = sea!.map((x, i) => x + bread![i]!);
    const length = Math.hypot(...mean);
    expect(dot(document!, mean) / length).toBeGreaterThan(0.999);
  });

  it('reads long documents to their eighth passage, in time that does not depend on what follows', async () => {
    const encoder = await encoderOf(folder(), { maxTokens: 16 });
    const start = 'ship sail mast '.repeat(200);
    const [short, long] = await codes(encoder, text(start), text(start + 'oven '.repeat(500_000)));
    expect(dot(short!, long!)).toBeCloseTo(1);
  });

  it.each<['mean' | 'cls' | 'max', (numbers: number[]) => number]>([
    ['mean', (numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length],
    ['cls', ([first]) => first!],
    ['max', (numbers) => Math.max(...numbers)],
  ])('pools by %s as it is done by hand', async (pooling, pool) => {
    const encoder = await encoderOf(folder(), { pooling });
    const vectors = ['[CLS]', 'ship', 'oven', '[SEP]'].map((token) => vectorOf(topics, token));
    const expected = vectors[0]!.map((_, i) => pool(vectors.map((vector) => vector[i]!)));
    const length = Math.hypot(...expected);
    // A longer text beside it, so that the shorter one is filled up.
    const [code] = await codes(encoder, text('ship oven'), text('ship oven sail mast dough crust'));
    expect(rounded(code!)).toEqual(rounded(expected.map((x) => x / length)));
  });

  it('puts one prefix before words that are asked with and another before documents', async () => {
    const plain = await encoderOf(folder());
    const prefixed = await encoderOf(folder(), { queryPrefix: 'query: ', documentPrefix: 'passage: ' });
    const [question, document] = await codes(prefixed, text('ship', { question: true }), text('ship'));
    const [asIfQuestion, asIfDocument] = await codes(plain, text('query: ship'), text('passage: ship'));
    expect(rounded(question!)).toEqual(rounded(asIfQuestion!));
    expect(rounded(document!)).toEqual(rounded(asIfDocument!));
    expect(rounded(question!)).not.toEqual(rounded(document!));
  });

  it('works where the model takes only so many texts of so many tokens', async () => {
    const fixed = await encoderOf(folder({ inputShape: [2, 6] }));
    const open = await encoderOf(folder(), { maxTokens: 6 });
    const texts = ['ship', 'oven dough', 'sail mast ship oven'].map((words) => text(words));
    expect((await codes(fixed, ...texts)).map(rounded)).toEqual((await codes(open, ...texts)).map(rounded));
  });

  it('works without token types, and with weights in a file of their own', async () => {
    const path = folder({ topics: {} });
    writeFileSync(join(path, 'model.onnx'), externalModel('model.onnx_data'));
    // [PAD], [UNK], [CLS], [SEP]
    const rows = [0, 0, 0, 1, 2, 2, 3, 0, 0, 0, 4, 0];
    writeFileSync(join(path, 'model.onnx_data'), new Uint8Array(Float32Array.from(rows).buffer));
    const encoder = await encoderOf(path);
    const [code] = await codes(encoder, text('quux'));
    expect(code).toHaveLength(EXTERNAL_DIMENSIONS);
    const sum = [4, 6, 2];
    expect(rounded(code!)).toEqual(rounded(sum.map((x) => x / Math.hypot(...sum))));
  });
});
