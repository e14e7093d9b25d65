// What a copy and a stranger look like in this folder: damaged copies of a sample, and pairs of it that resemble most by chance.
import { sample, seededRandom } from '../compare/random.ts';
import { type Calibration, type CalibrationInput, calibrate, LEAST_MEASURED } from '../duplicates/calibration.ts';
import { confirmPictures } from '../duplicates/confirm-pictures.ts';
import { confirmTexts, textSketch } from '../duplicates/confirm-texts.ts';
import { PictureSketch } from '../duplicates/picture-sketch.ts';
import { SandglassError, throwIfAborted } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { IMAGE_CORRUPTIONS } from '../image/corrupt-image.ts';
import { decodeReduced, type Picture } from '../image/decode.ts';
import { TEXT_CORRUPTIONS } from '../text/corrupt-text.ts';
import type { Candidate } from './duplicate-candidates.ts';
import { readContent } from './duplicate-checks.ts';
import type { Content } from './duplicate-contents.ts';
import type { Workspace } from './workspace.ts';

export interface Measured {
  readonly copies: number[];
  readonly strangers: number[];
}

export interface MeasureOptions {
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  onStep?(done: number, total: number): void;
}

const PICTURES = 60;
const COPIES_OF_EACH = 3;
const DOCUMENTS = 120;
/** Pairs of strangers: of all pairs of the sample those that resemble most. */
const STRANGERS = 1_000;

/** What takes all runs of words away leaves nothing to lay side by side; it is no copy that one would call a duplicate. */
const TEXT_KINDS = ['drop-30', 'excerpt-50', 'typos-20', 'boilerplate'];

/**
 * Scores of damaged copies and of strangers.
 *
 * @param candidates pairs that may be duplicates: none of them is taken for strangers
 */
export function measure(
  workspace: Workspace,
  kind: Kind,
  contents: readonly Content[],
  candidates: readonly Candidate[],
  options: MeasureOptions,
): Promise<Measured> {
  const near = new Set(candidates.map(({ a, b }) => a * contents.length + b));
  const rows = contents.map((_, row) => row);
  const random = seededRandom('duplicates', kind, options.seed);
  const some = sample(rows, kind === 'image' ? PICTURES : DOCUMENTS, random).sort((a, b) => a - b);
  const areStrangers = (a: number, b: number) => !near.has(some[a]! * contents.length + some[b]!);
  const chosen = some.map((row) => contents[row]!);
  return kind === 'image'
    ? measurePictures(chosen, areStrangers, random, options)
    : measureTexts(workspace, chosen, areStrangers, random, options);
}

/** The calibration of what was measured; undefined when it is too little to say anything. */
export function calibrationOf(
  { copies, strangers }: Measured,
  input: Omit<CalibrationInput, 'copies' | 'strangers'>,
): Calibration | undefined {
  if (Math.min(copies.length, strangers.length) < LEAST_MEASURED) return undefined;
  return calibrate({ ...input, copies, strangers });
}

async function measurePictures(
  contents: readonly Content[],
  areStrangers: (a: number, b: number) => boolean,
  random: () => number,
  { signal, onStep }: MeasureOptions,
): Promise<Measured> {
  const copies: number[] = [];
  const sketches: (PictureSketch | undefined)[] = [];
  for (const [i, content] of contents.entries()) {
    throwIfAborted(signal, 'Stopped while looking what copies look like here.');
    try {
      const picture = await decodeReduced(readContent(content));
      const sketch = new PictureSketch(picture);
      sketches.push(sketch);
      for (let c = 0; c < COPIES_OF_EACH; c++) {
        const corruption = IMAGE_CORRUPTIONS[(i * COPIES_OF_EACH + c) % IMAGE_CORRUPTIONS.length]!;
        const copy = await decodeReduced(await corruption.apply(small(picture), random));
        copies.push(confirmPictures(sketch, new PictureSketch(copy)).score);
      }
    } catch (error) {
      // one that cannot be read now teaches nothing
      if (!(error instanceof SandglassError)) throw error;
      sketches.push(undefined);
    }
    onStep?.(i + 1, contents.length);
  }
  const pairs = pairsOf(sketches.length)
    .filter(([a, b]) => sketches[a] !== undefined && sketches[b] !== undefined && areStrangers(a, b))
    .map(([a, b]) => ({ a, b, likeness: likeness(sketches[a]!, sketches[b]!) }))
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, STRANGERS);
  const strangers: number[] = [];
  for (const { a, b } of pairs) {
    throwIfAborted(signal, 'Stopped while looking what strangers look like here.');
    strangers.push(confirmPictures(sketches[a]!, sketches[b]!).score);
  }
  return { copies, strangers };
}

/** Damaging many megapixels takes seconds, and a copy is looked at through a sketch anyway. */
function small(picture: Picture): Picture {
  const side = 512;
  const step = Math.floor(Math.max(picture.width, picture.height) / side);
  if (step < 2) return picture;
  const width = Math.floor(picture.width / step);
  const height = Math.floor(picture.height / step);
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let j = 0; j < step; j++)
          for (let i = 0; i < step; i++)
            sum += picture.rgb[((y * step + j) * picture.width + x * step + i) * 3 + channel]!;
        rgb[(y * width + x) * 3 + channel] = Math.round(sum / step ** 2);
      }
    }
  }
  return { width, height, rgb };
}

/** The correlation of the colours of two pictures: which strangers resemble most. */
function likeness(a: PictureSketch, b: PictureSketch): number {
  const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a.colours), mean(b.colours)];
  let [aa, bb, ab] = [1, 1, 0];
  for (let i = 0; i < a.colours.length; i++) {
    const x = a.colours[i]! - ma;
    const y = b.colours[i]! - mb;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return ab / Math.sqrt(aa * bb);
}

async function measureTexts(
  { catalog }: Workspace,
  contents: readonly Content[],
  areStrangers: (a: number, b: number) => boolean,
  random: () => number,
  { signal, onStep }: MeasureOptions,
): Promise<Measured> {
  const kinds = TEXT_CORRUPTIONS.filter(({ name }) => TEXT_KINDS.includes(name));
  const copies: number[] = [];
  const sketches = contents.map(({ files }, i) => {
    throwIfAborted(signal, 'Stopped while looking what copies look like here.');
    const text = catalog.documents.text(files[0].id);
    const sketch = text === undefined ? undefined : textSketch(text);
    if (text !== undefined && sketch!.length > 0) {
      for (const { apply } of kinds) copies.push(confirmTexts(sketch!, textSketch(apply(text, random))).score);
    }
    onStep?.(i + 1, contents.length);
    return sketch;
  });
  const pairs = pairsOf(sketches.length).filter(
    ([a, b]) => (sketches[a]?.length ?? 0) > 0 && (sketches[b]?.length ?? 0) > 0 && areStrangers(a, b),
  );
  const strangers = sample(pairs, 2 * STRANGERS, random).map(
    ([a, b]) => confirmTexts(sketches[a]!, sketches[b]!).score,
  );
  return { copies, strangers };
}

function pairsOf(count: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) pairs.push([a, b]);
  return pairs;
}
