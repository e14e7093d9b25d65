// Which method is better on these files? The same questions to each, with labels or without.
import { readFileSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import { labelFreeExamples, labelledExamples } from '../compare/examples.ts';
import { renderReport } from '../compare/html-report.ts';
import { type KnownItem, runLabelFree } from '../compare/label-free.ts';
import { type LabelledQuery, runLabelled } from '../compare/labelled.ts';
import { folderLabel, parseLabels } from '../compare/labels.ts';
import type { CompareProgress } from '../compare/outcome.ts';
import type { ItemDescription } from '../compare/preview.ts';
import { sample, seededRandom } from '../compare/random.ts';
import { type ComparisonReport, comparisonRows, reportLabelFree, reportLabelled } from '../compare/report.ts';
import { SandglassError } from '../errors.ts';
import type { Kind } from '../features/feature.ts';
import { extractOne } from '../features/pool.ts';
import { wholeFeature } from '../features/whole-feature.ts';
import { fileError } from '../files/file-error.ts';
import { walk } from '../files/walk.ts';
import type { Method } from '../methods/method.ts';
import { copyKinds, thumbnailUri } from './copies.ts';
import { absolutePath, itemPath } from './folders.ts';
import { lackingLast } from './lacking-last.ts';
import type { MethodSet } from './method-set.ts';
import { storedBags } from './stored-bags.ts';
import { isHeldOut } from './training-data.ts';
import { LINEAR_ENCODERS, type Workspace } from './workspace.ts';

export interface CompareOptions {
  /**
   * `none`: corrupted copies of the indexed files, who finds the original? `folders`: the parent folder is the class;
   * `file`: a table of path<TAB>label[,label…], paths absolute or relative to the table's folder. @default 'none'
   */
  readonly labels?: 'none' | 'folders' | { readonly file: string };
  /** With labels: ask with the files of this folder, which need not be indexed, instead of the indexed ones. */
  readonly queries?: string;
  /** Which methods. @default all that the index has for the kind */
  readonly methods?: readonly string[];
  /** @default the kind the index has more of */
  readonly kind?: Kind;
  /** How many items to ask with. @default 200 */
  readonly sample?: number;
  /** Seed of samples, corruptions and intervals. @default 1234 */
  readonly seed?: number;
  /** Make the page too. @default false */
  readonly html?: boolean;
  readonly signal?: AbortSignal;
  onProgress?(progress: CompareProgress): void;
}

export interface Comparison {
  readonly report: ComparisonReport;
  /** The report as a table of strings, ready to print: the head, then a row a method. */
  readonly rows: readonly (readonly string[])[];
  /** One self-contained page, when it was asked for. */
  readonly html?: string;
}

/**
 * Asks the same queries by several methods and measures which finds better.
 *
 * @throws SandglassError NOTHING_INDEXED, LABELS_INVALID, METHOD_UNKNOWN, METHOD_UNAVAILABLE, ABORTED
 */
export async function compareMethods(
  workspace: Workspace,
  methodSet: MethodSet,
  options: CompareOptions,
): Promise<Comparison> {
  const { labels = 'none', seed = 1234, html = false, signal, onProgress } = options;
  const counts = workspace.catalog.items.counts();
  const kind = options.kind ?? (counts.image > counts.text ? 'image' : 'text');
  if (counts[kind] === 0)
    throw new SandglassError('NOTHING_INDEXED', `The index holds no ${kind} item to compare methods on.`);
  const methods = await methodsToCompare(methodSet, kind, counts[kind], options.methods);
  const common = { methods, seed, signal, onProgress };
  const show = { describe: describer(workspace) };

  if (labels === 'none') {
    const asked = {
      ...common,
      items: sampleItems(workspace, kind, options.sample ?? 200, seed),
      kinds: copyKinds(workspace, kind),
    };
    const outcome = await runLabelFree(asked);
    // the same question as the check at indexing asks, so that the two do not contradict one another
    const plain = [...methodSet.plain(kind), ...LINEAR_ENCODERS].filter((name) =>
      methods.some((one) => one.name === name),
    );
    const report = reportLabelFree(outcome, plain.length > 0 ? { plain } : {});
    return html
      ? { ...printed(report), html: await page(workspace, report, await labelFreeExamples(asked, outcome, show)) }
      : printed(report);
  }
  const known = indexedLabels(workspace, kind, labels);
  if (known.size === 0) {
    throw new SandglassError(
      'LABELS_INVALID',
      labels === 'folders'
        ? 'No indexed file lies in a subfolder, so there are no classes.'
        : `The labels in ${labels.file} name no indexed ${kind} file.`,
    );
  }
  const all =
    options.queries === undefined
      ? indexedQueries(workspace, known)
      : await outsideQueries(options.queries, labels, kind);
  const asked = {
    ...common,
    labels: known,
    queries: sample(all, options.sample ?? 200, seededRandom('queries', seed)),
  };
  const outcome = await runLabelled(asked);
  const report = reportLabelled(outcome);
  return html
    ? { ...printed(report), html: await page(workspace, report, await labelledExamples(asked, outcome, show)) }
    : printed(report);
}

function printed(report: ComparisonReport): Comparison {
  return { report, rows: comparisonRows(report) };
}

async function methodsToCompare(
  methodSet: MethodSet,
  kind: Kind,
  items: number,
  names: readonly string[] | undefined,
): Promise<Method[]> {
  const isWhole = (method: Method) => method.items.ids.length === items;
  // Pictures whose files cannot be read have no code of an imported encoder.
  const whole = (method: Method) => (kind === 'image' ? lackingLast(methodSet.catalog, method) : method);
  if (names === undefined) return (await methodSet.usable(kind, { exact: true })).methods.map(whole).filter(isWhole);
  const methods = await Promise.all(
    [...new Set(names)].map(async (name) => whole(await methodSet.get(name, kind, { exact: true }))),
  );
  const partial = methods.find((method) => !isWhole(method));
  if (partial === undefined) return methods;
  throw new SandglassError(
    'METHOD_UNAVAILABLE',
    `${partial.name} knows ${partial.items.ids.length} of ${items} ${kind} items. Bring it up to date with: sandglass index`,
  );
}

/** Items to make copies of: half of them held out from training, as far as there are so many. */
function sampleItems({ catalog }: Workspace, kind: Kind, count: number, seed: number): KnownItem[] {
  const heldOut: KnownItem[] = [];
  const seen: KnownItem[] = [];
  catalog.items.each(({ id, tie }) => (isHeldOut(tie) ? heldOut : seen).push({ id, heldOut: isHeldOut(tie) }), kind);
  const random = seededRandom('items', seed);
  const chosen = sample(heldOut, Math.ceil(count / 2), random);
  return [...chosen, ...sample(seen, count - chosen.length, random)];
}

/** The labels of the indexed items, by id. */
function indexedLabels(
  workspace: Workspace,
  kind: Kind,
  labels: 'folders' | { readonly file: string },
): Map<number, readonly string[]> {
  const known = new Map<number, readonly string[]>();
  const { catalog } = workspace;
  const labelsOf = labels === 'folders' ? undefined : readLabels(labels.file);
  const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
  catalog.items.each((item) => {
    const absolute = absolutePath(roots.get(item.rootId)!, item.path);
    // One indexed folder is the collection; of several, each is a class.
    const found = labelsOf ? labelsOf(absolute) : labelOfFolder(roots.size > 1 ? absolute : item.path);
    if (found) known.set(item.id, found);
  }, kind);
  return known;
}

/** A file right in the folder of the collection has no class. */
function labelOfFolder(path: string): readonly string[] | undefined {
  const label = folderLabel(path);
  return label === undefined ? undefined : [label];
}

function readLabels(file: string): (path: string) => readonly string[] | undefined {
  let table: Map<string, readonly string[]>;
  try {
    table = parseLabels(readFileSync(file, 'utf8'), file);
  } catch (error) {
    throw error instanceof SandglassError ? error : fileError(error, file, 'The table of labels');
  }
  const folder = resolve(file, '..');
  const absolute = new Map(
    [...table].map(([path, labels]) => [isAbsolute(path) ? path : resolve(folder, path), labels]),
  );
  return (path) => absolute.get(path);
}

function indexedQueries(workspace: Workspace, known: ReadonlyMap<number, readonly string[]>): LabelledQuery[] {
  const { catalog } = workspace;
  const bags = remembering(() => storedBags(catalog, { withText: true }));
  return [...known].map(([id, labels]) => ({
    id,
    labels,
    async feature() {
      const item = catalog.items.get(id);
      const stored = item?.kind === 'text' ? bags().get(id) : undefined;
      if (item === undefined || stored !== undefined) return stored;
      const path = itemPath(catalog, item);
      const result = await extractOne(path, { keep: true });
      return result.status === 'ok' ? wholeFeature(path, result) : undefined;
    },
  }));
}

/** `work`, done when it is first asked for. */
function remembering<Result>(work: () => Result): () => Result {
  let result: { readonly value: Result } | undefined;
  return () => {
    result ??= { value: work() };
    return result.value;
  };
}

async function outsideQueries(
  folder: string,
  labels: 'folders' | { readonly file: string },
  kind: Kind,
): Promise<LabelledQuery[]> {
  const labelsOf = labels === 'folders' ? undefined : readLabels(labels.file);
  const queries: LabelledQuery[] = [];
  for await (const entry of walk(folder)) {
    if (entry.type !== 'file') {
      if (entry.path === '') throw entry.error;
      continue;
    }
    const found = labelsOf ? labelsOf(entry.absolute) : labelOfFolder(entry.path);
    if (!found) continue;
    const { absolute } = entry;
    queries.push({
      labels: found,
      async feature() {
        const result = await extractOne(absolute, { keep: true });
        if (result.status !== 'ok' || result.kind !== kind) return undefined;
        return wholeFeature(absolute, result);
      },
      async describe() {
        const result = await extractOne(absolute);
        if (result.status !== 'ok') return { path: absolute, preview: {} };
        return {
          path: absolute,
          preview:
            result.kind === 'text'
              ? { snippet: result.snippet }
              : { thumbnail: await thumbnailUri(readFileSync(absolute)) },
        };
      },
    });
  }
  if (queries.length === 0)
    throw new SandglassError('LABELS_INVALID', `No file under ${folder} has a label.`, { path: folder });
  return queries;
}

/** What the report shows of an item. */
function describer({ catalog }: Workspace): (id: number) => Promise<ItemDescription> {
  const described = new Map<number, Promise<ItemDescription>>();
  const describe = async (id: number): Promise<ItemDescription> => {
    const item = catalog.items.get(id);
    if (!item) return { path: `item ${id}`, preview: {} };
    if (item.kind === 'text')
      return { path: item.path, preview: item.snippet === undefined ? {} : { snippet: item.snippet } };
    try {
      return { path: item.path, preview: { thumbnail: await thumbnailUri(readFileSync(itemPath(catalog, item))) } };
    } catch {
      return { path: item.path, preview: {} };
    }
  };
  return (id) => {
    let known = described.get(id);
    if (!known) {
      known = describe(id);
      described.set(id, known);
    }
    return known;
  };
}

async function page(
  { catalog }: Workspace,
  report: ComparisonReport,
  examples: Awaited<ReturnType<typeof labelFreeExamples>>,
): Promise<string> {
  const folders = catalog.roots.list().map(({ path }) => basename(path));
  return renderReport({
    report,
    examples,
    collection: folders.join(', '),
    date: new Date().toISOString().slice(0, 10),
  });
}
