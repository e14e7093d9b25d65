// The library: one open index, and everything that can be asked of it.
import { existsSync } from 'node:fs';
import type { DuplicatePlan } from './duplicates/plan.ts';
import { eventsOf } from './events.ts';
import { Catalog } from './index/catalog.ts';
import { createIndexDirectory, indexLayout } from './index/layout.ts';
import type { AddOptions, AddProgress } from './library/add-progress.ts';
import type { AppliedPlan, ApplyOptions } from './library/apply-plan.ts';
import type { BackupOptions, BackupSummary } from './library/backup.ts';
import type { CollectedGarbage, GarbageOptions } from './library/collect-garbage.ts';
import type { CompareOptions, Comparison } from './library/compare.ts';
import type { DecisionDescription } from './library/decide.ts';
import { describeEncoders, type EncoderDescription } from './library/describe-encoders.ts';
import type { PlanOptions } from './library/duplicate-plan.ts';
import type { SheetOptions } from './library/duplicate-sheet.ts';
import type { Duplicates, DuplicatesOptions } from './library/duplicates-result.ts';
import type { ExportOptions, ExportSummary } from './library/export.ts';
import type { ForgetOptions, Forgotten } from './library/forget.ts';
import type { ImportedIndex, ImportIndexOptions } from './library/import-export.ts';
import type { ImportOptions, ImportProgress } from './library/imported-encoders.ts';
import {
  describeItem,
  type IndexedFolder,
  type ItemDescription,
  itemId,
  itemPreview,
  itemText,
  listFolders,
  pathOfItem,
} from './library/item.ts';
import { MethodSet } from './library/method-set.ts';
import { locateIndex } from './library/places.ts';
import { type QueryOptions, type QueryResult, runQuery } from './library/query.ts';
import type { QueryInput } from './library/query-feature.ts';
import type { ManyAnswer } from './library/query-many.ts';
import { type SimilarityResult, scorePair } from './library/similarity.ts';
import { describeIndex, type Failure, listFailures, listPartial, type Status } from './library/status.ts';
import type { Topics, TopicsOptions } from './library/topics.ts';
import type { RunDescription, UndoneRun } from './library/undo-run.ts';
import type { Verification, VerifyOptions } from './library/verification.ts';
import type { WatchEvent, WatchOptions } from './library/watch-events.ts';
import { Workspace } from './library/workspace.ts';
import { type Device, demandDevice } from './runtime/onnx-session.ts';

export interface OpenOptions {
  /** Make the index when there is none. @default false */
  readonly create?: boolean;
  /** Only ask; works while another process writes, and where nothing can be written. @default false */
  readonly readOnly?: boolean;
  /** Where encoders run and are trained. `auto` takes CUDA when it can be used. @default 'auto' */
  readonly device?: Device;
}

/**
 * Opens an index.
 *
 * @param directory the index directory itself, or a folder with (or for) one in `.sandglass/`
 * @throws SandglassError INDEX_MISSING, INDEX_NEWER, INDEX_DAMAGED, INDEX_READ_ONLY, DISK_FULL; DEVICE_UNAVAILABLE, before
 *   anything is made, when another device than the CPU was asked for and cannot be used
 *
 * @example
 * ```ts
 * import { open } from 'sandglass';
 *
 * await using index = await open('./notes/.sandglass', { create: true });
 * for await (const event of index.add('./notes')) console.error(event.phase);
 * const { hits } = await index.query({ text: 'tax return' }, { k: 5 });
 * ```
 */
export async function open(
  directory: string,
  { create = false, readOnly = false, device = 'auto' }: OpenOptions = {},
): Promise<Sandglass> {
  await demandDevice(device);
  const chosen = locateIndex(directory);
  const layout = create ? createIndexDirectory(chosen) : indexLayout(chosen);
  const catalog = Catalog.open(layout, { readOnly: readOnly || !(create || existsSync(layout.catalog)) });
  return new Sandglass(new Workspace(layout, catalog, device));
}

/** An open index. Close it, or declare it with `await using`. */
export class Sandglass implements AsyncDisposable {
  readonly #workspace: Workspace;
  readonly #methods: MethodSet;

  /** @internal Use {@link open}. */
  constructor(workspace: Workspace) {
    this.#workspace = workspace;
    this.#methods = new MethodSet(workspace);
  }

  /** The index directory; absolute. */
  get directory(): string {
    return this.#workspace.layout.directory;
  }

  /**
   * Brings the index up to date with files and folders: reads what is new or changed, trains encoders where there are
   * none, drops what vanished. Nothing happens until the events are read; the last one is `done`, with the summary.
   *
   * @param paths none: all folders the index knows
   * @throws SandglassError (from the iteration) INDEX_LOCKED, INDEX_READ_ONLY, FILE_VANISHED, NOTHING_INDEXED, DISK_FULL,
   *   TRAINING_DIVERGED, ABORTED
   */
  add(paths: string | readonly string[] = [], options: AddOptions = {}): AsyncGenerator<AddProgress, void, undefined> {
    const all = typeof paths === 'string' ? [paths] : paths;
    return eventsOf<AddProgress>(async (emit, signal) => {
      // Loaded here because questions are asked more often than folders are indexed, and start faster without it.
      const { bringUpToDate } = await import('./library/indexing.ts');
      await bringUpToDate(this.#workspace, all, options, emit, signal);
    }, options.signal);
  }

  /**
   * Brings the index up to date as {@link add} does and follows its folders: what changes in them is found within a second or two,
   * here and in other processes. Goes on until `signal` is raised or the loop is left; then the batch in hand is brought to its
   * end. Nothing happens until the events are read. Another process may write between two batches.
   *
   * @throws SandglassError (from the iteration) INDEX_WATCHED when another process watches this index, INDEX_READ_ONLY,
   *   NOTHING_INDEXED, FILE_VANISHED; ABORTED when stopped before the index was up to date
   *
   * @example
   * ```ts
   * for await (const event of index.watch({ signal }))
   *   if (event.phase === 'batch') console.log(event.batch.added, event.batch.seconds);
   * ```
   */
  watch(options: WatchOptions = {}): AsyncGenerator<WatchEvent, void, undefined> {
    return eventsOf<WatchEvent>(async (emit, signal) => {
      const { watchFolders } = await import('./library/watch.ts');
      await watchFolders(this.#workspace, options, emit, signal);
    }, options.signal);
  }

  /**
   * The items most like a file or a text, or like several examples, best first.
   *
   * @throws SandglassError SETTING_INVALID, QUERY_EMPTY, NOTHING_INDEXED, METHOD_UNKNOWN, METHOD_UNAVAILABLE, ENCODER_BROKEN, and why a
   *   file cannot be read
   */
  query(input: QueryInput | readonly QueryInput[], options: QueryOptions = {}): Promise<QueryResult> {
    return runQuery(this.#workspace, this.#methods, input, options);
  }

  /**
   * The answers to many questions, in their order, each when it is asked for. What is wrong with one question is its answer; the
   * others go on.
   *
   * @throws SandglassError METHOD_UNKNOWN, INDEX_DAMAGED, ABORTED
   *
   * @example
   * ```ts
   * for await (const answer of index.queryMany(files.map((file) => ({ file })), { k: 1 }))
   *   if ('hits' in answer) console.log(answer.query, answer.hits[0]?.path);
   * ```
   */
  async *queryMany(
    inputs: Iterable<QueryInput> | AsyncIterable<QueryInput>,
    options: QueryOptions = {},
  ): AsyncGenerator<ManyAnswer, void, undefined> {
    const { queryMany } = await import('./library/query-many.ts');
    yield* queryMany(this.#workspace, this.#methods, inputs, options);
  }

  /** How alike two files or texts are, by every method of the index or by `method`. Neither need be indexed. */
  similarity(a: QueryInput, b: QueryInput, { method }: { readonly method?: string } = {}): Promise<SimilarityResult> {
    return scorePair(this.#methods, a, b, method);
  }

  /** Which method is better on these files? */
  async compare(options: CompareOptions = {}): Promise<Comparison> {
    const { compareMethods } = await import('./library/compare.ts');
    return compareMethods(this.#workspace, this.#methods, options);
  }

  /**
   * Which files are copies of one another, and in which way? Codes propose pairs, an exact look at pixels and words confirms
   * them, and groups hold only files of which every two are duplicates.
   *
   * @throws SandglassError NOTHING_INDEXED, SETTING_INVALID, ABORTED
   *
   * @example
   * ```ts
   * const { groups } = await index.duplicates({ precision: 0.99, kind: 'image' });
   * for (const { files: [keep, ...copies], why } of groups) console.log(keep.path, why, copies);
   * ```
   */
  async duplicates(options: DuplicatesOptions = {}): Promise<Duplicates> {
    const { findDuplicates } = await import('./library/duplicates.ts');
    return findDuplicates(this.#workspace, options);
  }

  /**
   * Writes one HTML file that shows what {@link duplicates} found: each group side by side, what to keep and why, and where each
   * copy differs. What stood there is replaced.
   *
   * @throws SandglassError OUTPUT_UNWRITABLE, DISK_FULL, ABORTED
   */
  async saveDuplicatesSheet(found: Duplicates, file: string, options: SheetOptions = {}): Promise<void> {
    const { duplicateSheet } = await import('./library/duplicate-sheet.ts');
    const { replaceFile } = await import('./library/write-output.ts');
    await replaceFile(file, await duplicateSheet(this.#workspace, found, options), 'sheet');
  }

  /** The plan of what {@link duplicates} found: JSON to be read, changed and given to {@link applyPlan}. Nothing is moved. */
  async planDuplicates(found: Pick<Duplicates, 'groups'>, options: PlanOptions = {}): Promise<DuplicatePlan> {
    const { planOf } = await import('./library/duplicate-plan.ts');
    return planOf(found, this.#workspace.catalog.id, options);
  }

  /**
   * Moves the files that a plan says to the system's trash, or to a folder. Each is looked at once more: one that changed since
   * the plan, is not in the index, or whose keeper is gone, is refused and stays. Nothing is deleted; {@link undoPlan} brings
   * it back.
   *
   * @param plan what {@link planDuplicates} made, perhaps changed by hand
   * @throws SandglassError before anything is moved: PLAN_INVALID, TRASH_UNAVAILABLE, SETTING_INVALID, INDEX_LOCKED,
   *   INDEX_READ_ONLY; DISK_FULL, OUTPUT_UNWRITABLE, ABORTED
   */
  async applyPlan(plan: unknown, options: ApplyOptions = {}): Promise<AppliedPlan> {
    const { applyPlan } = await import('./library/apply-plan.ts');
    return applyPlan(this.#workspace, plan, options);
  }

  /** The plans that were applied, the first one first. */
  async appliedPlans(): Promise<RunDescription[]> {
    const { describeRuns } = await import('./library/undo-run.ts');
    return describeRuns(this.#workspace);
  }

  /**
   * Puts the files of an applied plan back where they were, even where the process that applied it was killed.
   *
   * @throws SandglassError RUN_UNKNOWN, INDEX_LOCKED, INDEX_READ_ONLY, ABORTED
   */
  async undoPlan(
    run: string,
    options: Pick<ApplyOptions, 'waitSeconds' | 'signal' | 'onFile'> = {},
  ): Promise<UndoneRun> {
    const { undoRun } = await import('./library/undo-run.ts');
    return undoRun(this.#workspace, run, options);
  }

  /**
   * Decides about two indexed files, by their content: `distinct` (no duplicates), `keep-both`, or `undefined`, which takes a
   * decision back. Such a pair is not listed again, whatever its files are called and however often they are indexed.
   *
   * @throws SandglassError FILE_VANISHED, SETTING_INVALID, INDEX_LOCKED, INDEX_READ_ONLY
   */
  async decideDuplicate(
    a: string,
    b: string,
    verdict: 'distinct' | 'keep-both' | undefined,
    { waitSeconds = 0 }: Pick<ApplyOptions, 'waitSeconds'> = {},
  ): Promise<void> {
    const { decide } = await import('./library/decide.ts');
    await decide(this.#workspace, a, b, verdict, waitSeconds);
  }

  /** What was decided about pairs of files. */
  async duplicateDecisions(): Promise<DecisionDescription[]> {
    const { listDecisions } = await import('./library/decide.ts');
    return listDecisions(this.#workspace);
  }

  /**
   * Imports an encoder as a method of its own: a folder with a sentence encoder (an ONNX model and its tokenizer.json), or an
   * encoder that Sandglass wrote. Every item gets its code, in small transactions. Nothing happens until the events are read;
   * the last one is `done`, with the summary. Stopped, the same call goes on, and so does the next `add`.
   *
   * @throws SandglassError (from the iteration) ENCODER_UNFIT with what is wrong in the folder, ENCODER_EXISTS,
   *   ENCODER_MISMATCH, INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL, ABORTED
   *
   * @example
   * ```ts
   * for await (const event of index.importEncoder('./all-MiniLM-L6-v2', { name: 'minilm' })) console.error(event.phase);
   * const { hits } = await index.query({ text: 'tax return' }, { method: 'minilm' });
   * ```
   */
  importEncoder(folder: string, options: ImportOptions = {}): AsyncGenerator<ImportProgress, void, undefined> {
    return eventsOf<ImportProgress>(async (emit, signal) => {
      const { importEncoder } = await import('./library/imported-encoders.ts');
      await importEncoder(this.#workspace, folder, options, emit, signal);
    }, options.signal);
  }

  /** The encoders that were trained or imported. */
  encoders(): EncoderDescription[] {
    return describeEncoders(this.#workspace.catalog);
  }

  /**
   * Forgets an imported encoder, its codes and its files.
   *
   * @throws SandglassError ENCODER_MISSING when none of that name was imported, INDEX_LOCKED, INDEX_READ_ONLY
   */
  async removeEncoder(
    name: string,
    options: Pick<ImportOptions, 'seed' | 'waitSeconds' | 'signal'> = {},
  ): Promise<void> {
    const { removeEncoder } = await import('./library/imported-encoders.ts');
    await removeEncoder(this.#workspace, name, options);
  }

  /**
   * What the documents are about: clusters of their codes, and the code's dimensions, in words.
   *
   * @throws SandglassError NOTHING_INDEXED, METHOD_UNAVAILABLE where no encoder of documents was trained, ENCODER_BROKEN
   */
  async topics(options: TopicsOptions = {}): Promise<Topics> {
    const { findTopics } = await import('./library/topics.ts');
    return findTopics(this.#workspace, options);
  }

  /**
   * Is the index whole? Catalog, codes, encoders and graphs are checked by themselves and against one another, as they are at one
   * moment. To repair an index that cannot be opened: {@link verify}.
   *
   * @throws SandglassError to repair: INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL; ABORTED
   *
   * @example
   * ```ts
   * const { clean, problems } = await index.verify();
   * for (const { code, message, advice } of problems) console.error(code, message, advice);
   * ```
   */
  async verify(options: VerifyOptions = {}): Promise<Verification> {
    const { verify } = await import('./library/verify-index.ts');
    return verify(this.directory, options);
  }

  /**
   * Copies the index, as it is at one moment, to a place where nothing is; while this and other processes read and write. The copy
   * is an index itself.
   *
   * @throws SandglassError OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL, ABORTED
   */
  async backup(destination: string, options: BackupOptions = {}): Promise<BackupSummary> {
    const { backUp } = await import('./library/backup.ts');
    return backUp(this.#workspace.layout, destination, options);
  }

  /**
   * Writes the index as JSON lines, NumPy arrays and ONNX models to a folder that is made. {@link importIndex} makes an index of it
   * again.
   *
   * @throws SandglassError OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL, ABORTED
   */
  async export(destination: string, options: ExportOptions = {}): Promise<ExportSummary> {
    const { exportIndex } = await import('./library/export.ts');
    return exportIndex(this.#workspace.layout, destination, options);
  }

  /**
   * Takes files out of the index with all that it knows of them: their items, texts, words, codes. The files themselves stay.
   * What is still in an indexed folder comes back with the next {@link add}, unless `keepOut` says otherwise.
   *
   * @param targets paths of files and folders, or patterns for paths in the indexed folders
   * @throws SandglassError SETTING_INVALID, INDEX_LOCKED, INDEX_READ_ONLY, ABORTED
   */
  async forget(targets: string | readonly string[], options: ForgetOptions = {}): Promise<Forgotten> {
    const { forget } = await import('./library/forget.ts');
    return forget(this.#workspace, typeof targets === 'string' ? [targets] : targets, options);
  }

  /** Lets in again what {@link forget} keeps out, named as it was then: the next {@link add} finds it. */
  async letIn(
    targets: string | readonly string[],
    options: Pick<ForgetOptions, 'waitSeconds' | 'signal'> = {},
  ): Promise<{ readonly letIn: readonly string[]; readonly unmatched: readonly string[] }> {
    const { letIn } = await import('./library/forget.ts');
    return letIn(this.#workspace, typeof targets === 'string' ? [targets] : targets, options);
  }

  /**
   * Removes what nobody needs any more – overtaken encoders, files of killed processes, words that no item has – and gives the space
   * of deleted rows back.
   *
   * @throws SandglassError INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL, ABORTED
   */
  async collectGarbage(options: GarbageOptions = {}): Promise<CollectedGarbage> {
    const { collectGarbage } = await import('./library/collect-garbage.ts');
    return collectGarbage(this.#workspace, options);
  }

  /** What is in the index, how large it is, and is it still good? */
  status(): Promise<Status> {
    return describeIndex(this.#workspace);
  }

  /** The folders that were indexed, without looking at what is in them. */
  folders(): IndexedFolder[] {
    return listFolders(this.#workspace);
  }

  /**
   * What the index knows of one indexed file.
   *
   * @param path absolute
   * @throws SandglassError FILE_VANISHED when nothing is indexed there
   */
  item(path: string): ItemDescription {
    return describeItem(this.#workspace, path);
  }

  /**
   * The text of an indexed document, as it was read; undefined for a picture.
   *
   * @throws SandglassError FILE_VANISHED when nothing is indexed there
   */
  itemText(path: string): string | undefined {
    return itemText(this.#workspace, path);
  }

  /**
   * A JPEG of an indexed picture, read anew from its file.
   *
   * @param side pixels of its longer side at most; 160 when not said
   * @throws SandglassError FILE_VANISHED, KIND_UNSUPPORTED for a document, OUTSIDE_ROOT for a path that leads out of the indexed
   *   folder by now, and why the file cannot be read
   */
  itemPreview(path: string, side?: number): Promise<Uint8Array> {
    return itemPreview(this.#workspace, path, side);
  }

  /**
   * The number of an indexed file, which stays while it is indexed: a name for it that tells nothing of the disk.
   *
   * @param path absolute
   * @throws SandglassError FILE_VANISHED when nothing is indexed there
   */
  itemId(path: string): number {
    return itemId(this.#workspace, path);
  }

  /**
   * Where the indexed file of a number lies; absolute.
   *
   * @throws SandglassError FILE_VANISHED when there is none of that number
   */
  itemPath(id: number): string {
    return pathOfItem(this.#workspace, id);
  }

  /** The files that could not be read, with the reason. */
  failures(): Failure[] {
    return listFailures(this.#workspace);
  }

  /** Damaged pictures of which only a part could be read and is used: absolute paths. */
  partlyRead(): string[] {
    return listPartial(this.#workspace);
  }

  close(): Promise<void> {
    return this.#workspace.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

export interface SimilarityOptions {
  /** The index whose encoders and words are used; without one, only the methods that need none answer. */
  readonly index?: Sandglass;
  /** Only this method. */
  readonly method?: string;
}

/** How alike two files or texts are, with or without an index. */
export function similarity(
  a: QueryInput,
  b: QueryInput,
  { index, method }: SimilarityOptions = {},
): Promise<SimilarityResult> {
  return index ? index.similarity(a, b, method === undefined ? {} : { method }) : scorePair(undefined, a, b, method);
}

/**
 * Checks an index, also one that is too damaged to be opened, and repairs it where `repair` says so. Nobody else should have it
 * open to be repaired.
 *
 * @param directory the index directory itself, or a folder with one in `.sandglass/`
 * @throws SandglassError INDEX_MISSING, INDEX_NEWER; to repair: INDEX_LOCKED, INDEX_READ_ONLY, DISK_FULL; ABORTED
 */
export async function verify(
  directory: string,
  options: VerifyOptions & { readonly device?: Device } = {},
): Promise<Verification> {
  const { verify } = await import('./library/verify-index.ts');
  return verify(directory, options);
}

/**
 * Makes an index of what {@link Sandglass.export} wrote. It answers as the exported one did.
 *
 * @param directory where the index is to be; nothing may be there
 * @throws SandglassError EXPORT_INVALID with the file and what is wrong in it; OUTPUT_EXISTS, OUTPUT_UNWRITABLE, DISK_FULL, ABORTED
 */
export async function importIndex(
  source: string,
  directory: string,
  options: ImportIndexOptions = {},
): Promise<ImportedIndex> {
  const { importIndex } = await import('./library/import-export.ts');
  return importIndex(source, directory, options);
}
