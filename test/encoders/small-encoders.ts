// Real encoders, trained on a few features for a moment: they know little, and are encoders all the same.
import { DECODER_MODEL, ENCODER_MODEL, withManifest } from '../../src/encoders/manifest.ts';
import { wordEncoderFiles } from '../../src/encoders/word-encoder-files.ts';
import type { ImageFeature } from '../../src/image/image-feature.ts';
import { THUMBNAIL_SIDE } from '../../src/image/image-feature.ts';
import type { TextFeature } from '../../src/text/text-feature.ts';
import { chooseVocabulary, documentFrequencies } from '../../src/text/vocabulary.ts';
import { trainImage } from '../../src/training/recipes/image.ts';
import { trainText } from '../../src/training/recipes/text.ts';

/** Files of an encoder by name, all in memory. */
export type HeldFiles = Readonly<Record<string, Uint8Array>>;

export async function textEncoderFiles(features: readonly TextFeature[]): Promise<HeldFiles> {
  const vocabulary = chooseVocabulary(documentFrequencies(features), features.length, { minDocuments: 2 });
  const rows = features.map((feature) => vocabulary.toCounts(feature));
  const ends = rows.map((_, row) => rows.slice(0, row + 1).reduce((sum, { indices }) => sum + indices.length, 0));
  const trained = await trainText(
    {
      rows: rows.length,
      vocabularySize: vocabulary.size,
      indptr: Uint32Array.from([0, ...ends]),
      indices: Uint32Array.from(rows.flatMap(({ indices }) => [...indices])),
      counts: Uint16Array.from(rows.flatMap(({ counts }) => [...counts])),
    },
    { device: 'cpu', epochs: 4, codeSize: 16, hiddenSize: 16 },
  );
  return wordEncoderFiles(trained, vocabulary, rows.length);
}

export async function imageEncoderFiles(features: readonly ImageFeature[]): Promise<HeldFiles> {
  const thumbnails = Uint8Array.from(features.flatMap(({ thumbnail }) => [...thumbnail]));
  const trained = await trainImage(
    { rows: features.length, thumbnails },
    {
      device: 'cpu',
      steps: 2,
      batchSize: 16,
      decodedPictures: 8,
      codeSize: 16,
      channels: [4, 4, 8],
      decoderChannels: [8, 4, 4],
    },
  );
  return withManifest(
    {
      kind: 'image',
      dimensions: 16,
      input: { feature: 'thumbnail', side: THUMBNAIL_SIDE },
      recipe: trained.recipe,
      trainedOn: features.length,
      losses: trained.losses,
    },
    { [ENCODER_MODEL]: trained.encoder, [DECODER_MODEL]: trained.decoder },
  );
}
