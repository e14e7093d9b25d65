// A picture encoder that somebody hands over → its files with their manifest, tried before anything is kept.
import { SandglassError } from '../errors.ts';
import type { Picture } from '../image/picture.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { framed } from './frame-picture.ts';
import type { ImportedFolder } from './imported-folder.ts';
import { readManifest, withManifest } from './manifest.ts';
import { type ModelFiles, storedModelFiles } from './model-folder.ts';
import type { PictureFrame, PictureInput, PictureNumbers } from './picture-input.ts';
import { choosePictureOutput, openPictureModel, type PictureModel, pictureVectors } from './picture-model.ts';
import { type PictureOptions, pictureSettings } from './picture-settings.ts';
import { toUnitLength } from './unit-length.ts';

/** Pictures that go through the network in one run, where it takes any number. */
const BATCH = 8;
/** Cosine of two codes of one picture, alone and beside another, from which on they are the same but for rounding. */
const SAME_CODE = 0.9999;

/**
 * Tries a picture encoder.
 *
 * @throws SandglassError ENCODER_UNFIT with what is wrong; SETTING_INVALID; DEVICE_UNAVAILABLE
 */
export async function importPictureEncoder(
  folder: string,
  found: ModelFiles,
  options: PictureOptions,
  device: Device,
): Promise<ImportedFolder> {
  const model = await openPictureModel(found.model, device);
  try {
    const { form, said } = pictureSettings(model.input, options, found.preprocessor, found.model);
    const { dimensions, ...choice } = await tryModel(model, form, options, found.model);
    const input: PictureInput = { feature: 'picture', ...form, ...choice };
    const files = withManifest({ kind: 'image', dimensions, input }, await storedModelFiles(found));
    return { manifest: readManifest(files, folder), files, said };
  } finally {
    await model.release();
  }
}

/** Two pictures that nobody would take for one another: a slope of colours, and a chess board in others. */
const TRIAL_SIDE = 64;
const TRIALS: readonly Picture[] = [
  painted((x, y) => [4 * x, 4 * y, 128]),
  painted((x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? [20, 30, 160] : [250, 220, 30])),
];

function painted(colourAt: (x: number, y: number) => readonly number[]): Picture {
  const places = Array.from({ length: TRIAL_SIDE * TRIAL_SIDE }, (_, i) => [
    i % TRIAL_SIDE,
    Math.floor(i / TRIAL_SIDE),
  ]);
  const rgb = Uint8Array.from(places.flatMap(([x, y]) => colourAt(x!, y!)));
  return { width: TRIAL_SIDE, height: TRIAL_SIDE, rgb };
}

async function tryModel(
  model: PictureModel,
  form: PictureFrame & PictureNumbers,
  options: PictureOptions,
  path: string,
): Promise<Pick<PictureInput, 'output' | 'pooling' | 'batch'> & { readonly dimensions: number }> {
  const problem = (what: string) =>
    new SandglassError('ENCODER_UNFIT', `The model ${path} ${what}, so it cannot be used.`, { path });
  const pictures = TRIALS.map((picture) => framed(picture, form));
  const results = await model.run(pictures.slice(0, 1), form);
  const choice = choosePictureOutput(results, model.rows ?? 1, options, path);
  const vectors = async (some: readonly Uint8Array[]): Promise<Float32Array> => {
    const result = (await model.run(some, form))[choice.output]!;
    if (result.shape[0] !== (model.rows ?? some.length))
      throw problem(`gives ${choice.output} [${result.shape.join(', ')}] of ${some.length} pictures`);
    return pictureVectors(result, some.length, choice.pooling, form.layout);
  };
  const [one, other] = [await vectors(pictures.slice(0, 1)), await vectors(pictures.slice(1))];
  const dimensions = one.length;
  if (dimensions === 0) throw problem(`gives vectors of no numbers as ${choice.output}`);
  if (other.length !== dimensions)
    throw problem(`gives vectors of ${dimensions} numbers for one picture and of ${other.length} for another`);
  for (const vector of [one, other]) {
    if (!vector.every(Number.isFinite)) throw problem('gives numbers that are not finite');
    if (vector.every((value) => value === 0)) throw problem('gives nothing but zeros');
    toUnitLength(vector, path);
  }
  if (isSame(one, other)) throw problem('gives two pictures that have nothing in common the same code');
  return { ...choice, dimensions, batch: model.rows ?? (await batchOf(vectors, pictures, [one, other])) };
}

/** Codes that are rounded apart are the same. */
function isSame(one: Float32Array, other: Float32Array): boolean {
  return one.every((value, i) => Math.abs(value - other[i]!) < 1e-6);
}

/**
 * One at a time, where the model takes no two, though it says so, or where a picture's code depends on those beside it, as
 * that of models does whose numbers are quantised a run at a time.
 */
async function batchOf(
  vectors: (pictures: readonly Uint8Array[]) => Promise<Float32Array>,
  pictures: readonly Uint8Array[],
  alone: readonly Float32Array[],
): Promise<number> {
  try {
    const together = await vectors(pictures);
    const isAlike = alone.every((code, row) => {
      const beside = together.slice(row * code.length, (row + 1) * code.length);
      toUnitLength(beside, '');
      return code.reduce((sum, value, i) => sum + value * beside[i]!, 0) >= SAME_CODE;
    });
    return isAlike ? BATCH : 1;
  } catch (error) {
    if (error instanceof SandglassError) return 1;
    throw error;
  }
}
