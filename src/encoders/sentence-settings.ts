// What the files beside a sentence encoder say of its use: pooling, length, normalisation.
import { SandglassError } from '../errors.ts';
import type { Pooling } from './pooling.ts';

export interface SentenceSettings {
  readonly pooling: Exclude<Pooling, 'none'>;
  readonly normalize: boolean;
  readonly maxTokens: number;
}

/** JSON files of a model folder by name; those that are not there are undefined. */
export type SettingFiles = Readonly<Record<SettingFile, Readonly<Record<string, unknown>> | undefined>>;

/** The files that are looked at; of sentence-transformers and of transformers. */
export const SETTING_FILES = [
  'config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'sentence_bert_config.json',
  'modules.json',
  '1_Pooling/config.json',
] as const;
type SettingFile = (typeof SETTING_FILES)[number];

/** Where nothing else is said. */
const USUAL_TOKENS = 512;
/** Tokenizers without a limit say a number far beyond any model's. */
const NO_LIMIT = 1_000_000;
/** Models that begin to count positions behind the number of the filling token. */
const SHIFTED_POSITIONS: ReadonlySet<unknown> = new Set(['roberta', 'xlm-roberta', 'camembert', 'mpnet', 'longformer']);

/**
 * @param given what the user says comes first
 * @throws SandglassError ENCODER_UNFIT when the vectors of tokens become one in a way that is not known here, or a layer follows
 *   that is not in the model
 */
export function sentenceSettings(
  files: SettingFiles,
  given: { readonly [Name in keyof SentenceSettings]?: SentenceSettings[Name] | undefined },
  folder: string,
): SentenceSettings {
  const modules = moduleTypes(files['modules.json']);
  const further = modules.find((type) => !/\.(Transformer|Pooling|Normalize)$/.test(type));
  if (further !== undefined) {
    throw new SandglassError(
      'ENCODER_UNFIT',
      `modules.json in ${folder} asks for ${further} after the model, which is not in its ONNX file; export the whole of it.`,
      { path: folder },
    );
  }
  return {
    pooling: given.pooling ?? statedPooling(files['1_Pooling/config.json'], folder),
    normalize: given.normalize ?? (modules.length === 0 || modules.some((type) => type.endsWith('.Normalize'))),
    maxTokens: Math.min(given.maxTokens ?? statedTokens(files), mostPositions(files['config.json'])),
  };
}

function moduleTypes(modules: unknown): string[] {
  if (!Array.isArray(modules)) return [];
  return modules.map((module: { type?: unknown }) => String(module?.type));
}

const POOLINGS: Readonly<Record<string, Exclude<Pooling, 'none'>>> = {
  pooling_mode_mean_tokens: 'mean',
  pooling_mode_cls_token: 'cls',
  pooling_mode_max_tokens: 'max',
  mean: 'mean',
  cls: 'cls',
  max: 'max',
};

function statedPooling(
  config: Readonly<Record<string, unknown>> | undefined,
  folder: string,
): Exclude<Pooling, 'none'> {
  const modes = Object.entries(config ?? {}).flatMap(([name, value]) => {
    if (name === 'pooling_mode') return [String(value)];
    return name.startsWith('pooling_mode_') && value === true ? [name] : [];
  });
  if (modes.length === 0) return 'mean';
  const pooling = modes.length === 1 ? POOLINGS[modes[0]!] : undefined;
  if (pooling !== undefined) return pooling;
  throw new SandglassError(
    'ENCODER_UNFIT',
    `1_Pooling/config.json in ${folder} asks for ${modes.join(' and ')}; expected one of mean, cls and max. ` +
      'Choose one with --pooling.',
    { path: folder },
  );
}

function statedTokens(files: SettingFiles): number {
  const truncation = files['tokenizer.json']?.truncation as { max_length?: unknown } | null | undefined;
  const stated = [
    files['sentence_bert_config.json']?.max_seq_length,
    files['tokenizer_config.json']?.model_max_length,
    truncation?.max_length,
  ];
  const limit = stated.find((value) => typeof value === 'number' && value > 0 && value < NO_LIMIT);
  return typeof limit === 'number' ? limit : USUAL_TOKENS;
}

function mostPositions(config: Readonly<Record<string, unknown>> | undefined): number {
  const positions = config?.max_position_embeddings;
  if (typeof positions !== 'number' || positions < 1) return Number.POSITIVE_INFINITY;
  const shift = SHIFTED_POSITIONS.has(config?.model_type) ? Number(config?.pad_token_id ?? 1) + 1 : 0;
  return positions - shift;
}
