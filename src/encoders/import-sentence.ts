// A sentence encoder that somebody hands over → its files with their manifest, tried before anything is kept.
import { SandglassError } from '../errors.ts';
import type { Device } from '../runtime/onnx-session.ts';
import { readTokenizer, type SubwordTokenizer } from './hugging-face-tokenizer.ts';
import type { ImportedFolder } from './imported-folder.ts';
import { readManifest, type SentenceInput, TOKENIZER, TOKENIZER_CONFIG, withManifest } from './manifest.ts';
import { type ModelFiles, readSentenceFiles, type SentenceFiles, storedModelFiles, unfit } from './model-folder.ts';
import type { Pooling } from './pooling.ts';
import { type ChosenOutput, chooseOutput, openSentenceModel, type SentenceModel } from './sentence-model.ts';
import { sentenceSettings } from './sentence-settings.ts';
import { passagesOf } from './token-passages.ts';

/** How a sentence encoder is used; what is not given is read from its folder. */
export interface SentenceOptions {
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

/**
 * Tries a sentence encoder.
 *
 * @throws SandglassError ENCODER_UNFIT with what is wrong; DEVICE_UNAVAILABLE
 */
export async function importSentenceEncoder(
  folder: string,
  found: ModelFiles,
  options: SentenceOptions,
  device: Device,
): Promise<ImportedFolder> {
  const beside = await readSentenceFiles(folder);
  const tokenizer = tokenizerOf(beside, folder);
  const settings = sentenceSettings(beside.settings, options, folder);
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
    const files = withManifest(
      { kind: 'text', dimensions, input },
      {
        ...(await storedModelFiles(found)),
        [TOKENIZER]: beside.tokenizer,
        ...(beside.tokenizerConfig ? { [TOKENIZER_CONFIG]: beside.tokenizerConfig } : {}),
      },
    );
    return { manifest: readManifest(files, folder), files, said: [] };
  } finally {
    await model.release();
  }
}

function tokenizerOf({ tokenizer, tokenizerConfig }: SentenceFiles, folder: string): SubwordTokenizer {
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
