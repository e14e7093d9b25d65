// The files of an encoder of documents that was trained or fitted here: models, vocabulary, manifest.
import type { Vocabulary } from '../text/vocabulary.ts';
import { DECODER_MODEL, ENCODER_MODEL, VOCABULARY, withManifest } from './manifest.ts';

/** What training, or fitting, gives. */
export interface WordEncoder {
  readonly encoder: Uint8Array;
  /** Absent where codes cannot be turned back. */
  readonly decoder?: Uint8Array;
  readonly codeSize: number;
  readonly recipe: Readonly<Record<string, unknown>>;
  /** Of each epoch; absent where it was fitted at once. */
  readonly losses?: readonly number[];
}

/** @param trainedOn how many documents it learned from */
export function wordEncoderFiles(
  { encoder, decoder, codeSize, recipe, losses }: WordEncoder,
  vocabulary: Vocabulary,
  trainedOn: number,
) {
  return withManifest(
    {
      kind: 'text',
      dimensions: codeSize,
      input: { feature: 'bag-of-words', tokenizer: vocabulary.tokenizer, words: vocabulary.size },
      recipe,
      trainedOn,
      ...(losses ? { losses } : {}),
    },
    {
      [ENCODER_MODEL]: encoder,
      ...(decoder ? { [DECODER_MODEL]: decoder } : {}),
      [VOCABULARY]: new TextEncoder().encode(vocabulary.serialise()),
    },
  );
}
