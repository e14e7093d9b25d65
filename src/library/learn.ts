// Learns an encoder from what is indexed, gives every item its code, and lets it answer once all have one.

import { DECODER_MODEL, ENCODER_MODEL, type EncoderFiles, VOCABULARY, withManifest } from '../encoders/manifest.ts';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { THUMBNAIL_SIDE } from '../image/image-feature.ts';
import type { Catalog } from '../index/catalog.ts';
import { storeEncoder } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { TextFeature } from '../text/text-feature.ts';
import { TOKENIZER_VERSION } from '../text/tokenize.ts';
import type { TrainedAutoEncoder } from '../training/auto-encoder.ts';
import { trainInWorker } from '../training/train-in-worker.ts';
import { storedBags } from './stored-bags.ts';
import { bringThumbnailsBack, storedThumbnails, thumbnailFeatures } from './thumbnails.ts';
import { thumbnailsToLearn, wordsToLearn } from './training-data.ts';
import { AUTO_ENCODER, type Workspace } from './workspace.ts';

/** Items that are encoded and stored together; fewer where each takes a sentence encoder a tenth of a second and more. */
const ENCODE_BATCH = 256;
const READ_BATCH = 16;

export interface LearnOptions {
  readonly seed: number;
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
 * see {@link fillAndActivate}.
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

async function learnText({ catalog, device }: Workspace, { seed, signal, onTraining }: LearnOptions): Promise<Lesson> {
  const { vocabulary, bags } = wordsToLearn(catalog);
  const trainedOn = bags.rows;
  const trained = await trainInWorker('text', bags, { seed, device }, { signal, onProgress: onTraining, move: true });
  const files = withManifest(
    {
      kind: 'text',
      dimensions: trained.codeSize,
      input: { feature: 'bag-of-words', tokenizer: TOKENIZER_VERSION, words: vocabulary.size },
      recipe: trained.recipe,
      trainedOn,
      losses: trained.losses,
    },
    {
      [ENCODER_MODEL]: trained.encoder,
      [DECODER_MODEL]: trained.decoder,
      [VOCABULARY]: new TextEncoder().encode(vocabulary.serialise()),
    },
  );
  return { files, trained, trainedOn };
}

async function learnImages(workspace: Workspace, options: LearnOptions): Promise<Lesson> {
  await bringThumbnailsBack(workspace.catalog, options);
  const thumbnails = thumbnailsToLearn(workspace.catalog);
  const trainedOn = thumbnails.rows;
  const { seed, signal, onTraining } = options;
  const trained = await trainInWorker(
    'image',
    thumbnails,
    { seed, device: workspace.device },
    { signal, onProgress: onTraining, move: true },
  );
  const files = withManifest(
    {
      kind: 'image',
      dimensions: trained.codeSize,
      input: { feature: 'thumbnail', side: THUMBNAIL_SIDE },
      recipe: trained.recipe,
      trainedOn,
      losses: trained.losses,
    },
    { [ENCODER_MODEL]: trained.encoder, [DECODER_MODEL]: trained.decoder },
  );
  return { files, trained, trainedOn };
}

/**
 * Gives every item of the encoder's kind its code, then lets the encoder answer in place of the former one. Until then the
 * former codes answer. Done in small transactions: an interrupted run goes on where it stopped.
 *
 * @returns false when some item could not be encoded and the former encoder still answers
 */
export async function fillAndActivate(
  workspace: Workspace,
  record: EncoderRecord,
  options: Pick<LearnOptions, 'signal' | 'onEncoded' | 'notice'>,
): Promise<boolean> {
  const { catalog } = workspace;
  const encoder = await workspace.encoder(record);
  const bags = record.kind === 'text' && !encoder.readsText ? storedBags(catalog) : undefined;
  // Pictures that came while the former encoder answered were encoded at once, and their thumbnails not kept.
  if (record.kind === 'image') await bringThumbnailsBack(catalog, options, new Set(catalog.codes.missing(record.id)));
  for (let after = 0; ; ) {
    const ids = catalog.codes.missing(record.id, encoder.readsText ? READ_BATCH : ENCODE_BATCH, after);
    if (ids.length === 0) break;
    after = ids.at(-1)!;
    if (options.signal.aborted)
      throw new SandglassError('ABORTED', 'Stopped while encoding; the next run goes on from here.');
    const features = encoder.readsText
      ? ids.map((id) => storedText(catalog, id))
      : bags
        ? ids.map((id) => bags.get(id))
        : thumbnailFeatures(catalog, ids);
    const ready = ids.flatMap((id, i) => (features[i] ? [{ id, feature: features[i] }] : []));
    const codes = await encoder.encode(ready.map(({ feature }) => feature));
    catalog.write(() => {
      catalog.codes.put(
        record.id,
        ready.map(({ id }) => id),
        codes,
      );
    });
    options.onEncoded(ready.length);
  }
  if (catalog.codes.missing(record.id, 1).length > 0) return false;
  catalog.write(() => {
    catalog.encoders.activate(record.id);
    catalog.thumbnails.remove(record.kind === 'image' ? storedThumbnails(catalog) : []);
  });
  return true;
}

/** A document as a sentence encoder reads it; undefined when its text is not stored. */
function storedText(catalog: Catalog, id: number): TextFeature | undefined {
  const text = catalog.documents.text(id);
  return text === undefined ? undefined : { kind: 'text', terms: [], counts: new Uint16Array(), text };
}
