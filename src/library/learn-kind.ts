// The encoder of a kind, brought up to date: loaded, trained where there is none, finished where a run was interrupted.
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { removeUnreferencedEncoders } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { removeUnreferencedGraphs } from '../index/hnsw-build.ts';
import type { AddOptions, AddProgress, AddSummary } from './add-progress.ts';
import { adoption } from './adopt.ts';
import { chooseAndRecordDefault } from './choose-default.ts';
import { codePrecision } from './code-precision.ts';
import { defaultMethod, FEWEST_ITEMS, recordPlainDefault } from './default-method.ts';
import { activate, countMissingCodes, fillAndActivate, fillCodes, lacksCodes } from './fill-codes.ts';
import type { CheckOptions } from './held-out-copies.ts';
import type { LoadedEncoder } from './ingest.ts';
import { learnEncoder } from './learn.ts';
import { learnLinear } from './learn-linear.ts';
import { Pace } from './pace.ts';
import { addShipped, isShipped, isWorthTuning, rememberTuning } from './shipped.ts';
import { AUTO_ENCODER, LINEAR_ENCODERS, type Workspace } from './workspace.ts';

const KINDS: readonly Kind[] = ['text', 'image'];

/** The encoders that answer now, but for imported ones. One that cannot be loaded is no reason to stop: it is said, and trained anew. */
export async function loadAnswering(workspace: Workspace, notice: (text: string) => void): Promise<LoadedEncoder[]> {
  const encoders: LoadedEncoder[] = [];
  for (const record of KINDS.flatMap((kind) => workspace.activeEncoders(kind))) {
    const isLinear = LINEAR_ENCODERS.includes(record.method);
    if (!isLinear && record.method !== AUTO_ENCODER) continue;
    // Of damaged linear encoders learnLinear tells, which replaces them.
    const encoder = await loadOrSay(workspace, record, isLinear ? () => undefined : notice);
    if (encoder) encoders.push({ record, encoder });
  }
  return encoders;
}

async function loadOrSay(
  workspace: Workspace,
  record: EncoderRecord,
  notice: (text: string) => void,
): Promise<LoadedEncoder['encoder'] | undefined> {
  try {
    return await workspace.encoder(record);
  } catch (error) {
    if (!(error instanceof SandglassError) || error.code === 'DEVICE_UNAVAILABLE') throw error;
    notice(error.message);
    return undefined;
  }
}

/**
 * Trains, fills and judges an encoder as far as that is still to be done.
 *
 * @param answering whether an encoder of this kind is loaded
 * @returns what was trained, if anything
 */
export async function learnKind(
  workspace: Workspace,
  kind: Kind,
  answering: boolean,
  { train = 'auto', seed = 1234, quality = 'default' }: AddOptions,
  emit: (event: AddProgress) => void,
  signal: AbortSignal,
): Promise<AddSummary['trained'][number] | undefined> {
  const { catalog } = workspace;
  const notice = (text: string) => emit({ phase: 'notice', text });
  const items = catalog.items.counts()[kind];
  if (items === 0) return undefined;
  if (kind === 'text') await learnLinear(workspace, { train, seed }, emit, signal);
  const check: CheckOptions = {
    seed,
    signal,
    onProgress: (progress) => emit({ phase: 'check', kind, ...progress }),
  };
  const judge = async () => {
    await chooseAndRecordDefault(workspace, kind, check);
  };

  const fillShown = async (record: EncoderRecord) => {
    const encoding = new Pace(countMissingCodes(catalog, record.id));
    return fillCodes(workspace, record, {
      signal,
      onEncoded: (count) => emit({ phase: 'encode', kind, ...encoding.advance(count) }),
      notice,
    });
  };
  const unfinished = train === 'always' ? undefined : await findUnfinished(workspace, kind, notice);
  const present = answering ? workspace.activeEncoder(kind)! : await addShipped(workspace, kind, notice);
  /** Without a new encoder: the one that is there answers, or none. */
  const settle = async (why?: string) => {
    if (present === undefined) recordPlainDefault(catalog, kind, why);
    else if (answering || (await fillShown(present))) {
      if (!answering) activate(workspace, present);
      // Items that came while its files were damaged, or a verdict that an interrupted run did not reach.
      else if (lacksCodes(catalog, present.id))
        await fillAndActivate(workspace, present, { signal, onEncoded: () => undefined, notice });
      if (defaultMethod(catalog, kind).encoder !== present.fingerprint) await judge();
    }
    return undefined;
  };
  const enough = items >= FEWEST_ITEMS;
  const wanted =
    train === 'always'
      ? enough
      : train === 'auto' &&
        enough &&
        (present === undefined || (isShipped(present) && isWorthTuning(catalog, present)));
  if (unfinished === undefined && !wanted) return settle();
  try {
    if (unfinished === undefined && !answering && workspace.activeEncoder(kind) !== undefined)
      notice(`A new encoder for ${kind} items is trained in its place.`);
    const learned = unfinished
      ? undefined
      : await learnEncoder(workspace, kind, {
          seed,
          quality,
          signal,
          onTraining: (progress) => emit({ phase: 'train', kind, ...progress }),
          onEncoded: () => undefined,
          notice,
        });
    const record = learned?.record ?? unfinished!;
    let adopted = await fillShown(record);
    if (adopted && present !== undefined && present.id !== record.id && (answering || (await fillShown(present)))) {
      const { adopted: isBetter, sentence } = await adoption(workspace, record, present, check);
      adopted = isBetter;
      notice(sentence);
      catalog.write(() => {
        if (isShipped(present)) rememberTuning(catalog, present);
        if (!isBetter) catalog.encoders.remove(record.id);
        else if (!answering) catalog.encoders.remove(present.id);
      });
    }
    if (adopted) {
      activate(workspace, record);
      await judge();
    } else if (!answering) await settle();
    return learned && { kind, items: learned.trainedOn, seconds: learned.seconds, losses: learned.losses, adopted };
  } catch (error) {
    if (!(error instanceof SandglassError) || error.code !== 'TRAINING_TOO_SMALL') throw error;
    return settle(error.message);
  }
}

/** An encoder that an interrupted run trained and did not bring to answer; a damaged one is forgotten. */
async function findUnfinished(
  workspace: Workspace,
  kind: Kind,
  notice: (text: string) => void,
): Promise<EncoderRecord | undefined> {
  const { encoders } = workspace.catalog;
  for (const record of encoders.list()) {
    if (record.method !== AUTO_ENCODER || record.kind !== kind || record.state !== 'filling') continue;
    if (isShipped(record)) continue;
    if (await loadOrSay(workspace, record, notice)) return record;
    encoders.remove(record.id);
  }
  return undefined;
}

/** Removes encoders that another took the place of, with what was made of them. */
export async function removeLeftOvers({ catalog, layout }: Workspace): Promise<void> {
  const learned = catalog.encoders
    .list()
    .filter(({ method }) => method === AUTO_ENCODER || LINEAR_ENCODERS.includes(method));
  // One that was trained and overtaken, by an answering one that is newer, will never answer.
  for (const { id, method, kind, state } of learned)
    if (
      state === 'filling' &&
      learned.some(
        (other) => other.method === method && other.kind === kind && other.state === 'active' && other.id > id,
      )
    )
      catalog.encoders.remove(id);
  const kept = new Set(
    catalog.encoders
      .list()
      .filter(({ state }) => state !== 'retired')
      .map(({ fingerprint }) => fingerprint),
  );
  await removeUnreferencedEncoders(layout, kept);
  await removeUnreferencedGraphs(layout, codePrecision(catalog) === 'float32' ? kept : new Set());
}
