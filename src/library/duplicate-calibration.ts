// What a copy and a stranger look like in this folder: damaged copies of a sample, and pairs of it that resemble most by chance.
import { hash } from 'node:crypto';
import { sample, seededRandom } from '../compare/random.ts';
import { type Calibration, type CalibrationInput, calibrate, LEAST_MEASURED } from '../duplicates/calibration.ts';
import { confirmTexts, textSketch } from '../duplicates/confirm-texts.ts';
import { throwIfAborted } from '../errors.ts';
import { TEXT_CORRUPTIONS } from '../text/corrupt-text.ts';
import { PictureChecker } from './check-pictures.ts';
import type { Candidate } from './duplicate-candidates.ts';
import type { Checker } from './duplicate-checks.ts';
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

const PICTURES = 80;
const COPIES_OF_EACH = 3;
const DOCUMENTS = 120;
/** Pairs of strangers: of all pairs of the sample of pictures those that resemble most. So many can show a precision of .99 where one candidate in fourteen is a copy. */
const STRANGERS = 2_500;

/** What takes all runs of words away leaves nothing to lay side by side; it is no copy that one would call a duplicate. */
const TEXT_KINDS = ['drop-30', 'excerpt-50', 'typos-20', 'boilerplate'];

/**
 * Scores of damaged copies and of strangers. The sample is chosen by content: what is added to a folder changes little of it.
 *
 * @param candidates pairs that may be duplicates: none of them is taken for strangers
 */
export function measure(
  workspace: Workspace,
  checker: Checker,
  contents: readonly Content[],
  candidates: readonly Candidate[],
  options: MeasureOptions,
): Promise<Measured> {
  const near = new Set(candidates.map(({ a, b }) => a * contents.length + b));
  const isPictures = checker instanceof PictureChecker;
  const some = lowestRows(contents, isPictures ? PICTURES : DOCUMENTS, options.seed);
  const areStrangers = (a: number, b: number) => !near.has(some[a]! * contents.length + some[b]!);
  const chosen = some.map((row) => contents[row]!);
  return isPictures
    ? measurePictures(checker, chosen, areStrangers, options)
    : measureTexts(workspace, chosen, areStrangers, options);
}

/** Rows of the contents that a hash of content and seed puts first, rising. */
function lowestRows(contents: readonly Content[], count: number, seed: number): number[] {
  return contents
    .map((content, row) => ({ row, key: hash('sha256', `${seed} ${content.hash}`) }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .slice(0, count)
    .map(({ row }) => row)
    .sort((a, b) => a - b);
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
  checker: PictureChecker,
  contents: readonly Content[],
  areStrangers: (a: number, b: number) => boolean,
  { seed, onStep }: MeasureOptions,
): Promise<Measured> {
  const damagesOf = (at: number) => Array.from({ length: COPIES_OF_EACH }, (_, copy) => at * COPIES_OF_EACH + copy);
  const samples = await checker.samples(contents, seed, damagesOf, onStep);
  const pairs = pairsOf(samples.length)
    // one that cannot be read now teaches nothing
    .filter(([a, b]) => samples[a] !== undefined && samples[b] !== undefined && areStrangers(a, b))
    .map(([a, b]) => ({ a, b, likeness: likeness(samples[a]!.colours, samples[b]!.colours) }))
    .sort((one, other) => other.likeness - one.likeness)
    .slice(0, STRANGERS);
  const checks = await checker.checkAll(
    pairs.map(({ a, b }) => [contents[a]!, contents[b]!]),
    onStep,
  );
  return {
    copies: samples.flatMap((sample) => sample?.copies ?? []),
    strangers: checks.flatMap((check) => (check === undefined ? [] : [check.score])),
  };
}

/** The correlation of the colours of two pictures: which strangers resemble most. */
function likeness(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [aa, bb, ab] = [1, 1, 0];
  for (let i = 0; i < a.length; i++) {
    const x = a[i]! - ma;
    const y = b[i]! - mb;
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
  { seed, signal, onStep }: MeasureOptions,
): Promise<Measured> {
  const random = seededRandom('duplicates', seed);
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
  const strangers = sample(pairs, STRANGERS, random).map(([a, b]) => confirmTexts(sketches[a]!, sketches[b]!).score);
  return { copies, strangers };
}

function pairsOf(count: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) pairs.push([a, b]);
  return pairs;
}
