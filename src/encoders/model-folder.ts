// A folder with a model as it was exported: which files of it are the encoder?
import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SandglassError } from '../errors.ts';
import { ENCODER_MODEL, type EncoderFiles, type FileOnDisk, TOKENIZER, TOKENIZER_CONFIG } from './manifest.ts';
import { SETTING_FILES, type SettingFiles } from './sentence-settings.ts';

/** The files of a model. */
export interface ModelFiles {
  /** The ONNX file that is used; absolute. */
  readonly model: string;
  /** Files beside it that hold its weights, by name. */
  readonly weights: readonly string[];
  /** How its user's pictures are prepared, where it lies beside the model or above. */
  readonly preprocessor?: Readonly<Record<string, unknown>>;
  readonly hasTokenizer: boolean;
}

/** What a sentence encoder is beside its model. */
export interface SentenceFiles {
  readonly tokenizer: Uint8Array;
  readonly tokenizerConfig?: Uint8Array;
  readonly settings: SettingFiles;
}

/** Where exports put the plain float model, the best first. */
const USUAL_MODELS = ['onnx/model.onnx', 'model.onnx'] as const;
/** Where they put that part of a model for texts and pictures which looks at pictures. */
const PICTURE_MODELS = ['onnx/vision_model.onnx', 'vision_model.onnx'] as const;
const PREPROCESSOR = 'preprocessor_config.json';

/**
 * @param model the ONNX file in the folder, where it is not to be chosen
 * @throws SandglassError ENCODER_UNFIT when there is no folder, no model, several models to choose from, or a JSON file that
 *   is none
 */
export async function findModel(folder: string, model?: string): Promise<ModelFiles> {
  const names = await namesIn(folder);
  const preprocessor = await readJson(folder, PREPROCESSOR);
  const usual = preprocessor === undefined ? USUAL_MODELS : [...PICTURE_MODELS, ...USUAL_MODELS];
  const chosen = resolve(folder, model ?? (await usualModel(folder, names, usual)));
  const siblings = await namesIn(dirname(chosen), []);
  if (!siblings.includes(basename(chosen))) throw unfit(`has no model ${model ?? basename(chosen)}`, folder);
  return {
    model: chosen,
    weights: siblings.filter((name) => isWeightsOf(name, basename(chosen))),
    hasTokenizer: names.includes(TOKENIZER),
    ...(preprocessor ? { preprocessor } : {}),
  };
}

/** @throws SandglassError ENCODER_UNFIT when there is no tokenizer, or a JSON file that is none */
export async function readSentenceFiles(folder: string): Promise<SentenceFiles> {
  const tokenizer = await readFile(join(folder, TOKENIZER)).catch(() => undefined);
  if (tokenizer === undefined) {
    throw unfit(
      `has no ${TOKENIZER}, so its model cannot be asked with text; save the tokenizer with Hugging Face's transformers ` +
        '(tokenizer.save_pretrained) and import again',
      folder,
    );
  }
  const tokenizerConfig = await readFile(join(folder, TOKENIZER_CONFIG)).catch(() => undefined);
  const settings = await Promise.all(SETTING_FILES.map(async (name) => [name, await readJson(folder, name)] as const));
  return {
    tokenizer,
    ...(tokenizerConfig ? { tokenizerConfig } : {}),
    settings: Object.fromEntries(settings) as SettingFiles,
  };
}

/** The model and its weights, as they are stored. */
export async function storedModelFiles({ model, weights }: ModelFiles): Promise<EncoderFiles> {
  const beside = weights.map(async (name) => [name, await fileOnDisk(join(dirname(model), name))] as const);
  return { [ENCODER_MODEL]: await fileOnDisk(model), ...Object.fromEntries(await Promise.all(beside)) };
}

/** A file as it is stored: by its path, hashed piece by piece. */
async function fileOnDisk(path: string): Promise<FileOnDisk> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return { path, sha256: hash.digest('hex') };
}

async function usualModel(folder: string, names: readonly string[], wanted: readonly string[]): Promise<string> {
  const deeper = (await namesIn(join(folder, 'onnx'), [])).filter(isModel).map((name) => `onnx/${name}`);
  const models = [...names.filter(isModel), ...deeper];
  const usual = wanted.find((name) => models.includes(name));
  if (usual !== undefined) return usual;
  if (models.length === 1) return models[0]!;
  throw unfit(
    models.length === 0
      ? 'holds no ONNX model (model.onnx or onnx/model.onnx). Sandglass runs ONNX only: export the model first, for example with Hugging Face’s optimum'
      : `holds several models: ${models.join(', ')}. Choose one with --model`,
    folder,
  );
}

/** Exporters call the file of weights `model.onnx_data`, `model.onnx.data`, and number further ones. */
function isWeightsOf(name: string, model: string): boolean {
  return name.startsWith(model) && /^[._](?:data|weights)\w*$/.test(name.slice(model.length));
}

function isModel(name: string): boolean {
  return name.endsWith('.onnx');
}

async function namesIn(folder: string, otherwise?: string[]): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    if (otherwise !== undefined) return otherwise;
    throw new SandglassError('ENCODER_UNFIT', `Expected the folder of an encoder but there is none at ${folder}.`, {
      path: folder,
      cause,
    });
  }
  // Downloaded models are often links to a cache.
  return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
}

async function readJson(folder: string, name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (cause) {
    throw unfit(`has a ${name} that is not JSON (${(cause as Error).message})`, folder, cause);
  }
  throw unfit(`has a ${name} that holds no JSON object`, folder);
}

/** @param what follows the folder's name */
export function unfit(what: string, folder: string, cause?: unknown): SandglassError {
  return new SandglassError('ENCODER_UNFIT', `The folder ${folder} ${what}.`, { path: folder, cause });
}
