// Training the text recipe on a folder of documents: in the end an encoder's folder, as an index takes it.
import { resolve } from 'node:path';
import { openBags } from '../data-sets/open-bags.ts';
import { wordEncoderFiles } from '../encoders/word-encoder-files.ts';
import { SandglassError } from '../errors.ts';
import { chosenDevice, demandDevice } from '../runtime/onnx-session.ts';
import type { TrainedAutoEncoder } from '../training/auto-encoder.ts';
import { type TextRecipeOptions, trainText } from '../training/recipes/text.ts';
import { finishEncoder } from './finish-encoder.ts';
import { RunFolder } from './run-folder.ts';
import type { TrainEvent, TrainOptions, TrainSummary } from './train-events.ts';

/** The name under which `train` knows the recipe. */
export const TEXT_RECIPE = 'text';

/** Fewer documents than this are learned by heart, and nothing else. */
const FEWEST_DOCUMENTS = 50;

/**
 * Writes into its folder: encoder.onnx, decoder.onnx, vocabulary.txt, manifest.json, beside recipe.json and run.jsonl. A
 * training that is stopped begins anew: it takes minutes.
 *
 * @throws SandglassError as {@link train}; TRAINING_TOO_SMALL for fewer than 50 documents
 */
export async function runTextTraining(options: TrainOptions, emit: (event: TrainEvent) => void): Promise<TrainSummary> {
  const { device = 'auto', signal, seed = 1 } = options;
  await demandDevice(device);
  const folder = await RunFolder.survey(resolve(options.out ?? TEXT_RECIPE), options.fresh === true);
  try {
    const { vocabulary, counts, ...data } = await openBags(options.data, {
      seed,
      ...(signal === undefined ? {} : { signal }),
      onProgress: ({ done, total }) => emit({ phase: 'data', done, ...(total === undefined ? {} : { total }) }),
    });
    for (const text of data.notices) emit({ phase: 'notice', text });
    if (counts.rows < FEWEST_DOCUMENTS) {
      throw new SandglassError(
        'TRAINING_TOO_SMALL',
        `Expected at least ${FEWEST_DOCUMENTS} documents to learn from but ${data.name} holds ${counts.rows}; for so few, plain TF-IDF ` +
          'is the better choice, and what an index takes by itself (sandglass index).',
      );
    }
    const settings = { ...recipeOptions(options), seed };
    const { name, fingerprint } = data;
    await folder.begin({
      recipe: { name: TEXT_RECIPE, ...settings },
      fingerprint,
      facts: { recipe: TEXT_RECIPE, data: name, rows: counts.rows, seed, device, started: new Date().toISOString() },
    });
    const bags = { ...counts, indptr: counts.offsets, vocabularySize: counts.columns };
    const { threads } = options;
    const trained = await trainText(
      bags,
      { ...settings, device, ...(threads === undefined ? {} : { threads }) },
      {
        ...(signal === undefined ? {} : { signal }),
        onProgress: (progress) => emit({ phase: 'train', stage: 1, ...progress }),
      },
    );
    return await finishEncoder(folder, {
      recipe: TEXT_RECIPE,
      trained,
      files: wordEncoderFiles(trained, vocabulary, counts.rows),
      parameters: parametersOf(trained),
      data: { name, kind: 'documents', training: counts.rows, fingerprint, failures: data.failures },
      seed,
      device: await chosenDevice(device),
    });
  } finally {
    await folder.close();
  }
}

/** What of the options is the recipe's. */
function recipeOptions({ quality, codeSize, epochs, batch, rate }: TrainOptions): TextRecipeOptions {
  return {
    ...(quality === undefined ? {} : { quality }),
    ...(codeSize === undefined ? {} : { codeSize }),
    ...(epochs === undefined ? {} : { epochs }),
    ...(batch === undefined ? {} : { batchSize: batch }),
    ...(rate === undefined ? {} : { rate }),
  };
}

/** Of the three layers, with their biases. */
function parametersOf({ codeSize, recipe }: TrainedAutoEncoder): number {
  const { hiddenSize, vocabularySize } = recipe as Record<'hiddenSize' | 'vocabularySize', number>;
  return (vocabularySize + 1) * hiddenSize + (hiddenSize + 1) * codeSize + (codeSize + 1) * vocabularySize;
}
