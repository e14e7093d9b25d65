// Linear encoders of documents, `lsa` and `lsa-itq`: fitted in seconds, so that the auto-encoder has more than words to beat.
import { wordEncoderFiles } from '../encoders/word-encoder-files.ts';
import { SandglassError } from '../errors.ts';
import { storeEncoder } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import type { Vocabulary } from '../text/vocabulary.ts';
import { fitLsaInWorker } from '../training/lsa-in-worker.ts';
import type { FittedEncoder } from '../training/recipes/lsa.ts';
import type { AddOptions, AddProgress } from './add-progress.ts';
import { FEWEST_ITEMS } from './default-method.ts';
import { countMissingCodes, fillAndActivate, lacksCodes } from './fill-codes.ts';
import { Pace } from './pace.ts';
import { wordsToLearn } from './training-data.ts';
import { LINEAR_ENCODERS, type Workspace } from './workspace.ts';

/**
 * Fits both where there are none, and gives every document, and passage, that lacks a code its code. They are fitted to the
 * same documents as the auto-encoder: at most 50,000, those held out apart. All are encoded.
 *
 * @throws SandglassError ABORTED, DISK_FULL
 */
export async function learnLinear(
  workspace: Workspace,
  { train = 'auto', seed = 1234 }: Pick<AddOptions, 'train' | 'seed'>,
  emit: (event: AddProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { catalog } = workspace;
  const notice = (text: string) => emit({ phase: 'notice', text });
  const wanted = train !== 'never' && catalog.items.counts().text >= FEWEST_ITEMS;
  let records = train === 'always' && wanted ? [] : await usableRecords(workspace, notice);
  // `lsa-itq` is fitted with `lsa`, or there are too few directions for it.
  if (wanted && !records.some(({ method }) => method === 'lsa')) records = await fit(workspace, seed, signal);
  for (const record of records) {
    if (record.state === 'active' && !lacksCodes(catalog, record.id)) continue;
    const pace = new Pace(countMissingCodes(catalog, record.id));
    const onEncoded = (count: number) => emit({ phase: 'encode', kind: 'text', ...pace.advance(count) });
    await fillAndActivate(workspace, record, { signal, onEncoded, notice });
  }
}

/** Those that answer, or were fitted by a run that was interrupted; damaged ones are said and forgotten. */
async function usableRecords(workspace: Workspace, notice: (text: string) => void): Promise<EncoderRecord[]> {
  const { encoders } = workspace.catalog;
  const usable: EncoderRecord[] = [];
  for (const record of encoders.list()) {
    if (!LINEAR_ENCODERS.includes(record.method) || record.kind !== 'text' || record.state === 'retired') continue;
    try {
      await workspace.encoder(record);
      usable.push(record);
    } catch (error) {
      if (!(error instanceof SandglassError) || error.code === 'DEVICE_UNAVAILABLE') throw error;
      notice(error.message);
      encoders.remove(record.id);
    }
  }
  return usable;
}

async function fit(workspace: Workspace, seed: number, signal: AbortSignal): Promise<EncoderRecord[]> {
  try {
    const { vocabulary, bags } = wordsToLearn(workspace.catalog);
    const { rows } = bags;
    const { lsa, itq } = await fitLsaInWorker(bags, { seed }, signal);
    const records = [await store(workspace, lsa, 'lsa', vocabulary, rows)];
    if (itq) records.push(await store(workspace, itq, 'lsa-itq', vocabulary, rows));
    return records;
  } catch (error) {
    if (!(error instanceof SandglassError) || error.code !== 'TRAINING_TOO_SMALL') throw error;
    return [];
  }
}

async function store(
  { catalog, layout }: Workspace,
  fitted: FittedEncoder,
  method: 'lsa' | 'lsa-itq',
  vocabulary: Vocabulary,
  trainedOn: number,
): Promise<EncoderRecord> {
  const files = wordEncoderFiles(fitted, vocabulary, trainedOn);
  return catalog.encoders.add({
    method,
    kind: 'text',
    fingerprint: await storeEncoder(layout, files),
    form: method === 'lsa' ? 'float32' : 'bits',
    dimensions: fitted.codeSize,
    info: { trainedOn, seconds: fitted.seconds, recipe: fitted.recipe },
  });
}
