// Encoders that somebody imported: a folder in, a method of its own out; kept up to date with what is indexed.
import { basename, resolve } from 'node:path';
import { type EncoderOptions, readEncoderFolder } from '../encoders/import-folder.ts';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { storeEncoder } from '../index/encoder-files.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { acquireWriterLock } from '../index/writer-lock.ts';
import type { AddProgress } from './add-progress.ts';
import { chooseAndRecordDefault } from './choose-default.ts';
import { type DefaultMethod, defaultMethod, forgetDefault } from './default-method.ts';
import { describeEncoder, type EncoderDescription } from './describe-encoders.ts';
import { countMissingCodes, fillAndActivate, lacksCodes } from './fill-codes.ts';
import { removeLeftOvers } from './learn-kind.ts';
import { isMethodName } from './method-set.ts';
import { Pace } from './pace.ts';
import type { Workspace } from './workspace.ts';

export interface ImportOptions extends EncoderOptions {
  /** The method's name. @default the folder's */
  readonly name?: string;
  /** Seed of the check that decides whether it answers by default. @default 1234 */
  readonly seed?: number;
  /** Seconds to wait for another writer of this index. @default 0 */
  readonly waitSeconds?: number;
  /** Stops the work; what was encoded stays, and the same call, or the next indexing, goes on from there. */
  readonly signal?: AbortSignal;
}

/** What importing tells while it works; the last event is `done`. */
export type ImportProgress =
  | { readonly phase: 'open'; readonly name: string }
  | Extract<AddProgress, { phase: 'encode' | 'check' | 'notice' }>
  | { readonly phase: 'done'; readonly summary: ImportSummary };

export interface ImportSummary {
  readonly schema: 1;
  readonly encoder: EncoderDescription;
  /** Items that got their code in this run. */
  readonly encoded: number;
  /** Which method answers for this kind from now on; absent while items have no code yet. */
  readonly default?: DefaultMethod;
  readonly seconds: number;
}

type Emit<Event> = (event: Event) => void;

/**
 * Imports the encoder in `folder` (or an ONNX file), gives every item its code, and lets it answer under its name.
 *
 * @throws SandglassError ENCODER_UNFIT, ENCODER_EXISTS, INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL, ABORTED
 */
export async function importEncoder(
  workspace: Workspace,
  folder: string,
  { name: wanted, seed = 1234, waitSeconds = 0, signal: _, ...settings }: ImportOptions,
  emit: Emit<ImportProgress>,
  signal: AbortSignal,
): Promise<void> {
  const began = performance.now();
  const { catalog, layout } = workspace;
  const lock = await acquireWriterLock(layout, {
    command: 'sandglass encoders import',
    waitMs: waitSeconds * 1000,
    signal,
  });
  try {
    const name = wanted ?? nameOf(folder);
    demandName(name);
    const notice = (text: string) => emit({ phase: 'notice', text });
    emit({ phase: 'open', name });
    const { manifest, files, said } = await readEncoderFolder(resolve(folder), settings, workspace.device);
    const fingerprint = await storeEncoder(layout, files);
    demandFree(workspace, name, fingerprint);
    const record = catalog.encoders.add({
      method: name,
      kind: manifest.kind,
      fingerprint,
      form: manifest.bits ? 'bits' : 'float32',
      dimensions: manifest.dimensions,
      info: {
        imported: true,
        ...(manifest.trainedOn === undefined ? {} : { trainedOn: manifest.trainedOn, losses: manifest.losses }),
      },
    });
    let encoded = 0;
    for (const text of said) notice(text);
    const answers = await fill(workspace, record, signal, (event) => {
      if (event.phase === 'encode') encoded = event.done;
      emit(event);
    });
    if (answers) await judge(workspace, manifest.kind, seed, signal, emit);
    else notice(`Some items have no code of ${name} yet, so it does not answer; the next sandglass index goes on.`);
    emit({
      phase: 'done',
      summary: {
        schema: 1,
        encoder: describeEncoder(catalog, catalog.encoders.get(record.id)),
        encoded,
        ...(answers && catalog.items.counts()[manifest.kind] > 0
          ? { default: defaultMethod(catalog, manifest.kind) }
          : {}),
        seconds: (performance.now() - began) / 1000,
      },
    });
  } finally {
    lock.release();
  }
}

/** Encodes what came since, and goes on where an import was interrupted. A damaged encoder is said, and left aside. */
export async function updateImported(
  workspace: Workspace,
  kind: Kind,
  seed: number,
  emit: Emit<Extract<AddProgress, { phase: 'encode' | 'check' | 'notice' }>>,
  signal: AbortSignal,
): Promise<void> {
  const { catalog } = workspace;
  for (const record of workspace.importedEncoders(kind)) {
    if (record.state === 'active' && !lacksCodes(catalog, record.id)) continue;
    try {
      await fill(workspace, record, signal, emit);
    } catch (error) {
      if (!(error instanceof SandglassError) || !error.code.startsWith('ENCODER_')) throw error;
      emit({ phase: 'notice', text: `${record.method} is not brought up to date: ${error.message}` });
    }
  }
  if (!isJudged(workspace, kind)) await judge(workspace, kind, seed, signal, emit);
}

/**
 * Forgets an imported encoder, its codes and its files.
 *
 * @throws SandglassError ENCODER_MISSING when none of that name was imported; INDEX_LOCKED, INDEX_READ_ONLY
 */
export async function removeEncoder(
  workspace: Workspace,
  name: string,
  { seed = 1234, waitSeconds = 0, signal }: Pick<ImportOptions, 'seed' | 'waitSeconds' | 'signal'>,
): Promise<void> {
  const { catalog, layout } = workspace;
  const lock = await acquireWriterLock(layout, {
    command: 'sandglass encoders remove',
    waitMs: waitSeconds * 1000,
    ...(signal ? { signal } : {}),
  });
  try {
    const imported = workspace.importedEncoders();
    const records = imported.filter(({ method }) => method === name);
    if (records.length === 0) {
      const names = imported.map(({ method }) => method).join(', ') || 'none';
      throw new SandglassError(
        'ENCODER_MISSING',
        `Expected the name of an imported encoder but received "${name}". Imported: ${names}. ` +
          'Encoders that were trained here go when another is trained.',
      );
    }
    for (const record of records) {
      await workspace.forget(record);
      catalog.encoders.remove(record.id);
    }
    await removeLeftOvers(workspace);
    for (const { kind } of records) {
      if (defaultMethod(catalog, kind).method !== name) continue;
      forgetDefault(catalog, kind);
      if (workspace.activeEncoder(kind)) await judge(workspace, kind, seed, signal ?? new AbortController().signal);
    }
  } finally {
    lock.release();
  }
}

async function fill(
  workspace: Workspace,
  record: EncoderRecord,
  signal: AbortSignal,
  emit: Emit<Extract<AddProgress, { phase: 'encode' | 'notice' }>>,
): Promise<boolean> {
  const encoding = new Pace(countMissingCodes(workspace.catalog, record.id));
  return fillAndActivate(workspace, record, {
    signal,
    onEncoded: (count) => emit({ phase: 'encode', kind: record.kind, ...encoding.advance(count) }),
    notice: (text) => emit({ phase: 'notice', text }),
  });
}

/** Whether the recorded choice rests on a check of every imported encoder that answers now. */
function isJudged(workspace: Workspace, kind: Kind): boolean {
  const answering = workspace.importedEncoders(kind).filter(({ state }) => state === 'active');
  const { imported = [] } = defaultMethod(workspace.catalog, kind);
  return answering.every(({ fingerprint }) => imported.includes(fingerprint));
}

async function judge(
  workspace: Workspace,
  kind: Kind,
  seed: number,
  signal: AbortSignal,
  emit: Emit<Extract<AddProgress, { phase: 'check' }>> = () => {},
): Promise<void> {
  if (workspace.catalog.items.counts()[kind] === 0) return;
  await chooseAndRecordDefault(workspace, kind, {
    seed,
    signal,
    onProgress: (progress) => emit({ phase: 'check', kind, ...progress }),
  });
}

/** The name of a folder, or of a model, as one of a method. */
function nameOf(target: string): string {
  return basename(resolve(target), '.onnx')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
}

function demandName(name: string): void {
  if (!/^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)) {
    throw new SandglassError(
      'SETTING_INVALID',
      `Expected a name of at most 64 small letters, digits, dots and dashes for the encoder but received ${JSON.stringify(name)}; give one with --name.`,
    );
  }
  if (name === 'auto' || isMethodName(name)) {
    throw new SandglassError('ENCODER_EXISTS', `There is a method "${name}" already; give another name with --name.`);
  }
}

/** @throws SandglassError ENCODER_EXISTS when the name is another encoder's, or the encoder has another name */
function demandFree(workspace: Workspace, name: string, fingerprint: string): void {
  for (const record of workspace.importedEncoders()) {
    if (record.method === name && record.fingerprint !== fingerprint) {
      throw new SandglassError(
        'ENCODER_EXISTS',
        `There is an imported encoder "${name}" already. Give another name with --name, or remove it first: sandglass encoders remove ${name}`,
      );
    }
    if (record.method !== name && record.fingerprint === fingerprint) {
      throw new SandglassError(
        'ENCODER_EXISTS',
        `This encoder, with these settings, was imported as "${record.method}" already.`,
      );
    }
  }
}
