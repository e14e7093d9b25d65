// A folder with a sentence encoder as it was exported: which files of it are the encoder?
import { createHash } from 'node:crypto';
import { createReadStream, type Dirent } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { SandglassError } from '../errors.ts';
import { type FileOnDisk, TOKENIZER, TOKENIZER_CONFIG } from './manifest.ts';
import { SETTING_FILES, type SettingFiles } from './sentence-settings.ts';

export interface ModelFolder {
  /** The ONNX file that is used; absolute. */
  readonly model: string;
  /** Files beside it that hold its weights, by name. */
  readonly weights: readonly string[];
  readonly tokenizer: Uint8Array;
  readonly tokenizerConfig?: Uint8Array;
  readonly settings: SettingFiles;
}

/** Where exports put the plain float model, the best first. */
const USUAL_MODELS = ['onnx/model.onnx', 'model.onnx'] as const;

/**
 * @param model the ONNX file in the folder, where it is not to be chosen
 * @throws SandglassError ENCODER_UNFIT when there is no folder, no model or no tokenizer, several models to choose from, or a
 *   JSON file that is none
 */
export async function readModelFolder(folder: string, model?: string): Promise<ModelFolder> {
  const names = await namesIn(folder);
  const chosen = resolve(folder, model ?? (await usualModel(folder, names)));
  const siblings = await namesIn(dirname(chosen), []);
  if (!siblings.includes(basename(chosen))) throw unfit(`has no model ${model ?? basename(chosen)}`, folder);
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
    model: chosen,
    weights: siblings.filter((name) => isWeightsOf(name, basename(chosen))),
    tokenizer,
    ...(tokenizerConfig ? { tokenizerConfig } : {}),
    settings: Object.fromEntries(settings) as SettingFiles,
  };
}

/** A file as it is stored: by its path, hashed piece by piece. */
export async function fileOnDisk(path: string): Promise<FileOnDisk> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return { path, sha256: hash.digest('hex') };
}

async function usualModel(folder: string, names: readonly string[]): Promise<string> {
  const deeper = (await namesIn(join(folder, 'onnx'), [])).filter(isModel).map((name) => `onnx/${name}`);
  const models = [...names.filter(isModel), ...deeper];
  const usual = USUAL_MODELS.find((name) => models.includes(name));
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
