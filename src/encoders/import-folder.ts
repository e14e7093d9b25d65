// A model that somebody hands over → the files of an encoder with its manifest, tried before anything is kept.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { importPictureEncoder } from './import-picture.ts';
import { importSentenceEncoder, type SentenceOptions } from './import-sentence.ts';
import type { ImportedFolder } from './imported-folder.ts';
import { loadEncoder } from './load-encoder.ts';
import { MANIFEST, readManifest } from './manifest.ts';
import { findModel, type ModelFiles, unfit } from './model-folder.ts';
import { openModel } from './open-model.ts';
import { described, takesPictures } from './picture-model.ts';
import type { PictureOptions } from './picture-settings.ts';
import { takesSubwords } from './sentence-model.ts';

/** How an imported encoder is used: options of both kinds, of which each takes its own. */
export interface EncoderOptions extends SentenceOptions, PictureOptions {
  /** The ONNX file in the folder. @default onnx/model.onnx, model.onnx, or the only one */
  readonly model?: string;
}

/** Options that mean nothing to encoders of the other kind. */
const OWN_OPTIONS: Readonly<Record<Kind, readonly (keyof EncoderOptions)[]>> = {
  text: ['queryPrefix', 'documentPrefix', 'normalize', 'maxTokens'],
  image: ['inputLayout', 'side', 'fit', 'resize', 'kernel', 'scale', 'mean', 'std', 'channels', 'output'],
};
const KIND_NAMES: Readonly<Record<Kind, string>> = { text: 'a sentence encoder', image: 'a picture encoder' };

/**
 * Reads the folder of a sentence encoder, of a picture encoder, or of an encoder that Sandglass wrote, and runs it.
 *
 * @param target the folder, or an ONNX file
 * @throws SandglassError ENCODER_UNFIT with what is wrong; SETTING_INVALID; ENCODER_MISMATCH; DEVICE_UNAVAILABLE
 */
export async function readEncoderFolder(
  target: string,
  options: EncoderOptions,
  device: Device,
): Promise<ImportedFolder> {
  const isModel = await isFile(target);
  if (isModel && options.model !== undefined) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected no model for ${target}, which is a file; name its folder to choose a model in it.`,
      { path: target },
    );
  }
  const folder = isModel ? folderOf(target) : target;
  if (!isModel && (await isFile(join(folder, MANIFEST)))) return readOwnFolder(folder, options, device);
  const found = await findModel(folder, isModel ? target : options.model);
  const kind = await kindOf(found, device);
  const other = kind === 'text' ? 'image' : 'text';
  const misplaced = OWN_OPTIONS[other].find((name) => options[name] !== undefined);
  if (misplaced !== undefined) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected no ${misplaced} for ${target}: it is ${KIND_NAMES[kind]}, and that is for ${KIND_NAMES[other]}.`,
      { path: target },
    );
  }
  return kind === 'text'
    ? importSentenceEncoder(folder, found, options, device)
    : importPictureEncoder(folder, found, options, device);
}

/** Exports keep their models in `onnx`, and what is said of them one folder above. */
function folderOf(model: string): string {
  const folder = dirname(model);
  return basename(folder) === 'onnx' ? dirname(folder) : folder;
}

/** By the files beside the model; where they say nothing, or both, by what the model takes. */
async function kindOf({ model, preprocessor, hasTokenizer }: ModelFiles, device: Device): Promise<Kind> {
  if (hasTokenizer !== (preprocessor !== undefined)) return hasTokenizer ? 'text' : 'image';
  const session = await openModel(model, device);
  const { inputs } = session.signature;
  await session.release();
  const [texts, pictures] = [inputs.some(takesSubwords), inputs.some(takesPictures)];
  if (texts !== pictures) return texts ? 'text' : 'image';
  const found = inputs.map(described).join(', ') || '(none)';
  throw new SandglassError(
    'ENCODER_UNFIT',
    texts
      ? `The model ${model} takes texts and pictures at once (${found}); export the part that looks at pictures by itself, or choose it with --model.`
      : `The model ${model} takes ${found}; expected input_ids and attention_mask of a sentence encoder, or one input of pictures, [pictures, 3, height, width] or [pictures, height, width, 3].`,
    { path: model },
  );
}

/** An encoder that Sandglass wrote: everything about it is in its manifest. */
async function readOwnFolder(folder: string, options: EncoderOptions, device: Device): Promise<ImportedFolder> {
  const given = Object.keys(options).find((name) => options[name as keyof EncoderOptions] !== undefined);
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
    return { manifest: read, files: all, said: [] };
  } catch (cause) {
    if (cause instanceof SandglassError && cause.code !== 'ENCODER_BROKEN') throw cause;
    throw unfit(`has a ${MANIFEST} and cannot be imported: ${(cause as Error).message}`, folder, cause);
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}
