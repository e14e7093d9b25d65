// The sheet of a search for duplicates: one HTML file in which each group is seen side by side, with what differs.
import type { PictureEvidence } from '../duplicates/confirm-pictures.ts';
import { invertedMap } from '../duplicates/plane-map.ts';
import { snippetOf } from '../text/snippet.ts';
import { type SheetCopy, type SheetGroup, type SheetPicture, sheetPage } from './duplicate-sheet-page.ts';
import type { DuplicateFile, DuplicateGroup, DuplicatePair, Duplicates } from './duplicates-result.ts';
import { itemAt } from './folders.ts';
import { PictureThreads } from './picture-check-threads.ts';
import type { ComparedPictures } from './picture-check-worker.ts';
import type { Workspace } from './workspace.ts';

export interface SheetOptions {
  /** Groups and pairs that are shown at most; what is left out is said. @default 200 */
  readonly most?: number;
  readonly signal?: AbortSignal;
  onProgress?(done: number, total: number): void;
}

const MOST = 200;
/** Copies of a group that are shown. */
const MOST_COPIES = 24;
/** Characters of a document. */
const SNIPPET = 400;

/**
 * One file that asks for nothing from anywhere: thumbnails, relation and probability, what to keep and why, and where each copy
 * differs. Pictures are read anew; one that cannot be is named.
 *
 * @param found what `duplicates` answered, for one index
 * @throws SandglassError ABORTED
 */
export async function duplicateSheet(
  workspace: Workspace,
  found: Duplicates,
  { most = MOST, signal, onProgress }: SheetOptions = {},
): Promise<string> {
  const groups = [
    ...found.groups.slice(0, most).map((group) => shownGroup(group, workspace)),
    ...found.others.slice(0, Math.max(0, most - found.groups.length)).map((pair) => shownPair(pair, workspace)),
  ];
  await drawAll(groups, signal, onProgress);
  const all = found.groups.length + found.others.length;
  return sheetPage(found, groups, all - groups.length);
}

function shownGroup({ kind, files, why, bytes, pairs }: DuplicateGroup, workspace: Workspace): SheetGroup {
  const [keep, ...copies] = files;
  const hashOf = new Map(files.map(({ path, hash }) => [path, hash]));
  const between = (hash: string) =>
    pairs.find(({ a, b }) => [hashOf.get(a), hashOf.get(b)].every((one) => one === hash || one === keep.hash));
  return {
    kind,
    why,
    bytes,
    first: shownFile(keep, workspace),
    copies: copies.slice(0, MOST_COPIES).map((copy): SheetCopy => {
      const pair = copy.hash === keep.hash ? undefined : between(copy.hash);
      return {
        ...shownFile(copy, workspace),
        relation: copy.relation!,
        probability: copy.probability!,
        ...(pair?.evidence === undefined ? {} : { evidence: pair.evidence }),
        isTurned: pair !== undefined && hashOf.get(pair.a) !== keep.hash,
      };
    }),
    left: Math.max(0, copies.length - MOST_COPIES),
  };
}

/** A pair that no group holds: nothing is said of what to keep. */
function shownPair({ a, b, relation, probability, evidence }: DuplicatePair, workspace: Workspace): SheetGroup {
  const file = (path: string) => {
    const { catalog } = workspace;
    const item = itemAt(catalog, catalog.roots.list(), path)?.item;
    return { kind: item?.kind ?? 'text', shown: shownFile({ ...item, path, hash: item?.hash ?? '' }, workspace) };
  };
  const { kind, shown } = file(a);
  return {
    kind,
    first: shown,
    copies: [
      { ...file(b).shown, relation, probability, ...(evidence === undefined ? {} : { evidence }), isTurned: false },
    ],
    left: 0,
  };
}

function shownFile(
  file: Pick<DuplicateFile, 'path' | 'hash'> & Partial<DuplicateFile>,
  { catalog }: Workspace,
): SheetPicture {
  const item = itemAt(catalog, catalog.roots.list(), file.path)?.item;
  const text = item?.kind === 'text' ? catalog.documents.text(item.id) : undefined;
  return { ...file, ...(text === undefined ? {} : { snippet: snippetOf(text, SNIPPET) }) };
}

/** Reads what is to be seen of pictures, each content once. */
async function drawAll(
  groups: readonly SheetGroup[],
  signal: AbortSignal | undefined,
  onProgress: SheetOptions['onProgress'],
): Promise<void> {
  const pictures = groups.filter(({ kind }) => kind === 'image');
  const wanted = new Map(
    pictures.flatMap(({ first, copies }) => [first, ...copies].map((shown) => [shown.hash, shown] as const)),
  );
  const compared = pictures.flatMap(({ first, copies }) =>
    copies.flatMap((copy) => {
      const ask = comparison(first, copy);
      return ask === undefined ? [] : [{ copy, ask }];
    }),
  );
  const total = wanted.size + compared.length;
  let done = 0;
  const threads = new PictureThreads({ signal });
  try {
    const asks = [...wanted.values()].map(({ hash, path }) => ({ hash, paths: [path] }));
    const thumbnails = new Map<string, Pick<SheetPicture, 'thumbnail' | 'problem'>>();
    for await (const { answer, error } of threads.each('thumbnail', asks)) {
      const { hash } = asks[done++]!;
      thumbnails.set(hash, answer === undefined ? { problem: error!.message } : { thumbnail: answer });
      onProgress?.(done, total);
    }
    for (const { first, copies } of pictures)
      for (const shown of [first, ...copies]) Object.assign(shown, thumbnails.get(shown.hash));
    let i = 0;
    for await (const { answer } of threads.each(
      'difference',
      compared.map(({ ask }) => ask),
    )) {
      const { copy } = compared[i++]!;
      if (answer !== undefined) Object.assign(copy, { difference: answer });
      done++;
      onProgress?.(done, total);
    }
  } finally {
    await threads.close();
  }
}

/** What of two pictures is laid over one another; undefined where nothing can differ, or nobody knows where. */
function comparison(first: SheetPicture, { hash, path, evidence, isTurned }: SheetCopy): ComparedPictures | undefined {
  if (evidence === undefined || !('map' in evidence) || hash === first.hash) return undefined;
  const { map, negative = false } = evidence as PictureEvidence;
  return {
    hash: first.hash,
    paths: [first.path],
    other: { hash, paths: [path] },
    map: isTurned ? invertedMap(map) : map,
    negative,
  };
}
