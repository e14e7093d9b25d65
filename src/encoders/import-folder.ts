// A folder that somebody hands over → the files of an encoder with its manifest, tried before anything is kept.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SandglassError } from '../errors.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { readTokenizer, type SubwordTokenizer } from './hugging-face-tokenizer.ts';
import { loadEncoder } from './load-encoder.ts';
import {
  ENCODER_MODEL,
  type EncoderFiles,
  type EncoderManifest,
  MANIFEST,
  type Pooling,
  readManifest,
  type SentenceInput,
  TOKENIZER,
  TOKENIZER_CONFIG,
  withManifest,
} from './manifest.ts';
import { fileOnDisk, type ModelFolder, readModelFolder, unfit } from './model-folder.ts';
import { type ChosenOutput, chooseOutput, openSentenceModel, type SentenceModel } from './sentence-model.ts';
import { sentenceSettings } from './sentence-settings.ts';
import { passagesOf } from './token-passages.ts';

/** How a sentence encoder is used; what is not given is read from its folder. */
export interface SentenceOptions {
  /** The ONNX file in the folder. @default onnx/model.onnx, model.onnx, or the only one */
  readonly model?: string;
  /** How the vectors of a text's tokens become one. @default what 1_Pooling/config.json says, else `mean` */
  readonly pooling?: Exclude<Pooling, 'none'>;
  /** Before words that are asked with: "query: " for E5. @default '' */
  readonly queryPrefix?: string;
  /** Before documents: "passage: " for E5. @default '' */
  readonly documentPrefix?: string;
  /** The vector of each passage is made length 1 before those of a document are averaged. @default what modules.json says */
  readonly normalize?: boolean;
  /** Most tokens of a passage. @default what the folder says, 512 where it says nothing */
  readonly maxTokens?: number;
}

export interface ImportedFolder {
  readonly manifest: EncoderManifest;
  /** The manifest among them; large ones are where they were. */
  readonly files: EncoderFiles;
}

/**
 * Reads the folder of a sentence encoder, or of an encoder that Sandglass wrote, and runs it once.
 *
 * @throws SandglassError ENCODER_UNFIT with what is wrong; ENCODER_MISMATCH; DEVICE_UNAVAILABLE
 */
export async function readEncoderFolder(
  folder: string,
  options: SentenceOptions,
  device: Device,
): Promise<ImportedFolder> {
  if (await isFile(join(folder, MANIFEST))) return readOwnFolder(folder, options, device);
  const found = await readModelFolder(folder, options.model);
  const tokenizer = tokenizerOf(found, folder);
  const settings = sentenceSettings(found.settings, options, folder);
  const model = await openSentenceModel(found.model, tokenizer.padding, device);
  try {
    const maxTokens = Math.min(settings.maxTokens, model.tokens ?? Number.POSITIVE_INFINITY);
    const { output, pooling, dimensions } = await tryModel(
      model,
      tokenizer,
      { ...settings, maxTokens },
      options,
      found.model,
    );
    const input: SentenceInput = {
      feature: 'text',
      tokenizer: 'huggingface',
      output,
      pooling,
      normalize: settings.normalize,
      maxTokens,
      queryPrefix: options.queryPrefix ?? '',
      documentPrefix: options.documentPrefix ?? '',
    };
    const weights = found.weights.map(async (name) => [name, await fileOnDisk(join(found.model, '..', name))] as const);
    const files = withManifest(
      { kind: 'text', dimensions, input },
      {
        [ENCODER_MODEL]: await fileOnDisk(found.model),
        ...Object.fromEntries(await Promise.all(weights)),
        [TOKENIZER]: found.tokenizer,
        ...(found.tokenizerConfig ? { [TOKENIZER_CONFIG]: found.tokenizerConfig } : {}),
      },
    );
    return { manifest: readManifest(files, folder), files };
  } finally {
    await model.release();
  }
}

function tokenizerOf({ tokenizer, tokenizerConfig }: ModelFolder, folder: string): SubwordTokenizer {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  try {
    return readTokenizer(text(tokenizer), tokenizerConfig ? text(tokenizerConfig) : '{}');
  } catch (cause) {
    throw unfit(
      `has a ${TOKENIZER} that is not one, or not of a kind that is known: ${(cause as Error).message}`,
      folder,
      cause,
    );
  }
}

/** Two texts of different lengths: what the model says of its shapes is not always so. */
const SHORT = 'a';
const LONG = 'the ship sails from one harbour to another and back again '.repeat(3);

async function tryModel(
  model: SentenceModel,
  tokenizer: SubwordTokenizer,
  { pooling, maxTokens }: { readonly pooling: Exclude<Pooling, 'none'>; readonly maxTokens: number },
  options: SentenceOptions,
  path: string,
): Promise<ChosenOutput> {
  const [short, long] = [SHORT, LONG].map((text) => passagesOf(tokenizer, text, '', maxTokens).slice(0, 1));
  const chosen = chooseOutput(await model.shapesOf(short!), options.pooling, pooling, path);
  const problem = (what: string) =>
    new SandglassError('ENCODER_UNFIT', `The model ${path} ${what}, so it cannot be used.`, { path });
  if (chosen.dimensions === 0) throw problem(`gives vectors of no numbers as ${chosen.output}`);
  const again = (await model.shapesOf(long!)).get(chosen.output)?.at(-1);
  if (again !== chosen.dimensions) {
    throw problem(`gives vectors of ${chosen.dimensions} numbers for one text and of ${again} for another`);
  }
  for (const passages of [short!, long!]) {
    const vector = await model.vectors(passages, chosen.output, chosen.pooling);
    if (!vector.every(Number.isFinite)) throw problem('gives numbers that are not finite');
  }
  return chosen;
}

/** An encoder that Sandglass wrote: everything about it is in its manifest. */
async function readOwnFolder(folder: string, options: SentenceOptions, device: Device): Promise<ImportedFolder> {
  const given = Object.keys(options).find((name) => options[name as keyof SentenceOptions] !== undefined);
  if (given !== undefined) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected no ${given} for ${folder}: ${MANIFEST} there says all of it.`,
      { path: folder },
    );
  }
  const all: Record<string, Uint8Array> = {};
  try {
    const manifest = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as {
      format?: unknown;
      recipe?: unknown;
      sha256?: Record<string, string>;
    };
    if (manifest.format === undefined && manifest.recipe !== undefined) {
      throw unfit(
        'holds a training that gave no encoder for an index; those of pictures (up to 64 × 64) do since this version, and of documents --recipe text',
        folder,
      );
    }
    const named = Object.keys(manifest.sha256 ?? {}).filter((name) => basename(name) === name);
    const present = await readdir(folder);
    for (const name of [MANIFEST, ...named.filter((name) => present.includes(name))])
      all[name] = await readFile(join(folder, name));
    const read = readManifest(all, folder);
    await (await loadEncoder(all, { device, where: folder, directory: folder })).release();
    return { manifest: read, files: all };
  } catch (cause) {
    if (cause instanceof SandglassError && cause.code !== 'ENCODER_BROKEN') throw cause;
    throw unfit(`has a ${MANIFEST} and cannot be imported: ${(cause as Error).message}`, folder, cause);
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
