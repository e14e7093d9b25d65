// Learns an encoder from what is indexed, and stores its files.

import { DECODER_MODEL, ENCODER_MODEL, type EncoderFiles, withManifest } from '../encoders/manifest.ts';
import { wordEncoderFiles } from '../encoders/word-encoder-files.ts';
import type { Kind } from '../features/feature.ts';
import { THUMBNAIL_SIDE } from '../image/image-feature.ts';
import { storeEncoder } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { TrainedAutoEncoder } from '../training/auto-encoder.ts';
import { readImageNetwork } from '../training/image-network.ts';
import { tuningOptions } from '../training/recipes/image.ts';
import type { TextQuality } from '../training/recipes/text.ts';
import { trainInWorker } from '../training/train-in-worker.ts';
import { wholeOrSay } from './shipped.ts';
import { bringThumbnailsBack } from './thumbnails.ts';
import { thumbnailsToLearn, wordsToLearn } from './training-data.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

export interface LearnOptions {
  readonly seed: number;
  readonly quality: TextQuality;
  readonly signal: AbortSignal;
  onTraining(progress: { step: number; steps: number; loss: number; secondsLeft: number }): void;
  onEncoded(count: number): void;
  notice(text: string): void;
}

/** What was learned: the encoder's record, and the seconds the training took. */
export interface Learned {
  readonly record: EncoderRecord;
  readonly trainedOn: number;
  readonly seconds: number;
  readonly losses: readonly number[];
}

/**
 * Trains an encoder of `kind` on the catalog's items, those held out apart, and stores its files. It does not answer yet:
 * see fill-codes.ts.
 *
 * @throws SandglassError TRAINING_TOO_SMALL, TRAINING_DIVERGED, ABORTED, DISK_FULL
 */
export async function learnEncoder(workspace: Workspace, kind: Kind, options: LearnOptions): Promise<Learned> {
  const { files, trained, trainedOn } =
    kind === 'text' ? await learnText(workspace, options) : await learnImages(workspace, options);
  const fingerprint = await storeEncoder(workspace.layout, files);
  const { catalog } = workspace;
  const record = catalog.encoders.add({
    method: AUTO_ENCODER,
    kind,
    fingerprint,
    form: 'float32',
    dimensions: trained.codeSize,
    info: { trainedOn, seconds: trained.seconds, losses: trained.losses, recipe: trained.recipe },
  });
  return { record, trainedOn, seconds: trained.seconds, losses: trained.losses };
}

interface Lesson {
  readonly files: EncoderFiles;
  readonly trained: TrainedAutoEncoder;
  readonly trainedOn: number;
}

async function learnText({ catalog, device }: Workspace, options: LearnOptions): Promise<Lesson> {
  const { seed, quality, signal, onTraining } = options;
  const { vocabulary, bags } = wordsToLearn(catalog);
  const trainedOn = bags.rows;
  const trained = await trainInWorker(
    'text',
    bags,
    { seed, quality, device },
    { signal, onProgress: onTraining, move: true },
  );
  return { files: wordEncoderFiles(trained, vocabulary, trainedOn), trained, trainedOn };
}

async function learnImages(workspace: Workspace, options: LearnOptions): Promise<Lesson> {
  await bringThumbnailsBack(workspace.catalog, options);
  const thumbnails = thumbnailsToLearn(workspace.catalog);
  const trainedOn = thumbnails.rows;
  const { seed, signal, onTraining } = options;
  const shipped = await wholeOrSay(options.notice);
  const begun = shipped && readImageNetwork(shipped.files['encoder.onnx'], shipped.files['decoder.onnx']);
  const trained = await trainInWorker(
    'image',
    thumbnails,
    { seed, device: workspace.device, ...(begun === undefined ? {} : tuningOptions(begun, trainedOn)) },
    { signal, onProgress: onTraining, move: true },
  );
  const files = withManifest(
    {
      kind: 'image',
      dimensions: trained.codeSize,
      input: { feature: 'thumbnail', side: THUMBNAIL_SIDE },
      recipe: { ...trained.recipe, ...(shipped === undefined ? {} : { begunWith: shipped.name }) },
      trainedOn,
      losses: trained.losses,
    },
    { [ENCODER_MODEL]: trained.encoder, [DECODER_MODEL]: trained.decoder },
  );
  return { files, trained, trainedOn };
}
