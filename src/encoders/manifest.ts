// What an encoder is: the JSON that stands beside its ONNX files, and the check that it is what it says.
import { createHash } from 'node:crypto';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import type { PictureInput } from './picture-input.ts';
import type { Pooling } from './pooling.ts';

/** A file that is too large to be held in memory beside the model that is made of it. */
export interface FileOnDisk {
  readonly path: string;
  /** SHA-256 of its content, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The files of one encoder by name: `manifest.json`, `encoder.onnx`; `decoder.onnx` and for words `vocabulary.txt` of those
 * that were trained here; `tokenizer.json` of sentence encoders.
 */
export type EncoderFiles = Readonly<Record<string, Uint8Array | FileOnDisk>>;

export const MANIFEST = 'manifest.json';
export const ENCODER_MODEL = 'encoder.onnx';
export const DECODER_MODEL = 'decoder.onnx';
export const VOCABULARY = 'vocabulary.txt';
export const TOKENIZER = 'tokenizer.json';
export const TOKENIZER_CONFIG = 'tokenizer_config.json';

/** Version of the manifest format. */
const FORMAT = 1;

/** Input of a sentence encoder: the text itself, in pieces that a tokenizer makes. */
export interface SentenceInput {
  readonly feature: 'text';
  readonly tokenizer: 'huggingface';
  /** The output of the model that is used. */
  readonly output: string;
  readonly pooling: Pooling;
  /** Each passage's vector is made length 1 before those of a document are averaged. */
  readonly normalize: boolean;
  /** Most tokens of a passage, the special ones among them. */
  readonly maxTokens: number;
  /** What stands before words that are asked with, and before documents. */
  readonly queryPrefix: string;
  readonly documentPrefix: string;
}

export interface EncoderManifest {
  readonly format: typeof FORMAT;
  readonly kind: Kind;
  /** Length of a code. */
  readonly dimensions: number;
  /**
   * What the encoder takes: word counts over a vocabulary, the text itself, a 3 × side × side thumbnail, or what is made of
   * one: pixels of a row's shape, [1, height, width] and [side²] in grey, [3, height, width] in colour; or the picture itself.
   */
  readonly input:
    | { readonly feature: 'bag-of-words'; readonly tokenizer: number; readonly words: number }
    | SentenceInput
    | { readonly feature: 'thumbnail'; readonly side: number }
    | { readonly feature: 'pixels'; readonly shape: readonly number[] }
    | PictureInput;
  /** True where the encoder gives bits, of 0 and 1, beside the code: those are what is kept and compared. */
  readonly bits?: boolean;
  /** Every setting that made it, the seed among them; of encoders that were trained here. */
  readonly recipe?: Readonly<Record<string, unknown>>;
  /** How many items it learned from. */
  readonly trainedOn?: number;
  /** Mean training loss of each epoch. */
  readonly losses?: readonly number[];
  /** SHA-256 of every other file, in hexadecimal. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** What an encoder cannot be opened without. */
const FACTS = ['kind', 'dimensions', 'input', 'sha256'] as const;

type ManifestFacts = Omit<EncoderManifest, 'format' | 'sha256'>;

/** The manifest of these files. */
export function manifestOf(facts: ManifestFacts, files: EncoderFiles): EncoderManifest {
  const sha256 = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [name, sha256Of(bytes)]));
  return { format: FORMAT, ...facts, sha256 };
}

/** Adds the manifest to the files it describes. */
export function withManifest<Files extends EncoderFiles>(
  facts: ManifestFacts,
  files: Files,
): Files & { readonly [MANIFEST]: Uint8Array } {
  const manifest = manifestOf(facts, files);
  return { ...files, [MANIFEST]: new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`) };
}

/**
 * Reads the manifest and checks every file against it.
 *
 * @throws SandglassError ENCODER_BROKEN when a file is missing, was changed or is not what it should be.
 */
export function readManifest(files: EncoderFiles, where: string): EncoderManifest {
  const broken = (what: string, cause?: unknown) =>
    new SandglassError(
      'ENCODER_BROKEN',
      `The encoder in ${where} ${what}. Train it again with: sandglass index --train always`,
      {
        path: where,
        cause,
      },
    );
  const bytes = files[MANIFEST];
  if (!bytes || 'path' in bytes) throw broken(`has no ${MANIFEST}`);
  let manifest: EncoderManifest;
  try {
    manifest = JSON.parse(new TextDecoder().decode(bytes)) as EncoderManifest;
  } catch (error) {
    throw broken(`has a ${MANIFEST} that is not JSON`, error);
  }
  if (typeof manifest !== 'object' || manifest === null) throw broken(`has a ${MANIFEST} that is no object`);
  if (manifest.format !== FORMAT) throw broken(`has manifest format ${manifest.format}, expected ${FORMAT}`);
  const missing = FACTS.find((fact) => manifest[fact] === undefined || manifest[fact] === null);
  if (missing !== undefined) throw broken(`has a ${MANIFEST} without "${missing}"`);
  for (const [name, sha256] of Object.entries(manifest.sha256)) {
    const file = files[name];
    if (!file) throw broken(`lacks ${name}`);
    if (sha256Of(file) !== sha256) throw broken(`has a damaged ${name} (its SHA-256 is not the manifest's)`);
  }
  return manifest;
}

function sha256Of(file: Uint8Array | FileOnDisk): string {
  return 'path' in file ? file.sha256 : createHash('sha256').update(file).digest('hex');
}
