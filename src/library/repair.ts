// Repairs what verify found: what cannot be true goes in one transaction, what is derived is made anew.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SandglassError } from '../errors.ts';
import { PICTURE_CODES } from '../image/picture-codes.ts';
import { Catalog } from '../index/catalog.ts';
import { type CatalogFinding, checkCatalog } from '../index/catalog-check.ts';
import { dropFaults, salvageCatalog } from '../index/catalog-repair.ts';
import { storeEncoder } from '../index/encoder-files.ts';
import { hnswFiles, type IndexLayout } from '../index/layout.ts';
import { checkCodeFiles, refreshCodeFiles } from './code-files.ts';
import { defaultMethod, forgetDefault } from './default-method.ts';
import { fillCodes, lacksCodes } from './fill-codes.ts';
import { absolutePath } from './folders.ts';
import { refreshGraph } from './graph.ts';
import { isPlainEncoder, type PlainEncoders } from './plain-codes.ts';
import { renewHashes } from './renew-hashes.ts';
import { renewText } from './renew-texts.ts';
import { isShipped, wholeOrSay } from './shipped.ts';
import type { VerifyOptions, VerifyRepair } from './verification.ts';
import type { Findings } from './verify.ts';
import type { Workspace } from './workspace.ts';

export interface Repaired {
  readonly repairs: VerifyRepair[];
  /** Absolute paths of files whose items were removed. */
  readonly indexAgain: string[];
}

/** So often references are followed: what is removed may be what something else belongs to. */
const ROUNDS = 4;

/**
 * Brings back a catalog whose pages are damaged: its indexes are made anew, or else a new catalog gets all rows that can be
 * read. Nobody else may have it open.
 *
 * @returns what was done; nothing where the pages are whole
 */
export async function repairPages(layout: IndexLayout): Promise<VerifyRepair[]> {
  if (await arePagesWhole(layout)) return [];
  try {
    using catalog = Catalog.open(layout);
    catalog.database.prepare('REINDEX').run();
    if (catalog.check().length === 0)
      return [{ code: 'CATALOG_DAMAGED', message: 'The indexes of the catalog were made anew; no row was lost.' }];
  } catch (error) {
    if (!(error instanceof SandglassError && error.code === 'INDEX_DAMAGED')) throw error;
  }
  const { kept, saved } = await salvageCatalog(layout);
  const { item = 0, code = 0, root = 0 } = saved;
  return [
    {
      code: 'CATALOG_DAMAGED',
      message: `A new catalog has what could be read of the damaged one: ${root} folders, ${item} items, ${code} codes of items. The damaged one is kept as ${kept}; index again what is missing with: sandglass index <folder>`,
    },
  ];
}

async function arePagesWhole(layout: IndexLayout): Promise<boolean> {
  try {
    using catalog = Catalog.open(layout);
    return catalog.check().length === 0;
  } catch (error) {
    if (error instanceof SandglassError && error.code === 'INDEX_DAMAGED') return false;
    throw error;
  }
}

/** Repairs everything else. The caller is the writer of the index. */
export async function repair(
  workspace: Workspace,
  findings: Findings,
  { signal = new AbortController().signal, onStep = () => {} }: VerifyOptions,
): Promise<Repaired> {
  const { catalog } = workspace;
  const repairs: VerifyRepair[] = [];
  const indexAgain: string[] = [];
  const done = (code: VerifyRepair['code'], message: string) => repairs.push({ code, message });

  onStep('repairing the catalog');
  let wrong: readonly CatalogFinding[] = [
    ...findings.catalog,
    ...findings.wrongCodes.map(
      ({ record, of, ids }) => ({ fault: 'CODE_DAMAGED', keys: ids, encoderId: record.id, of }) as const,
    ),
  ];
  for (let round = 0; round < ROUNDS && wrong.some(({ fault }) => fault !== 'CODE_MISSING'); round++) {
    const { renew, removed } = dropFaults(catalog, wrong);
    const roots = new Map(catalog.roots.list().map((root) => [root.id, root]));
    catalog.write(() => {
      for (const id of renew) renewText(catalog, id);
    });
    for (const { rootId, path } of removed) {
      const root = roots.get(rootId);
      if (root !== undefined) indexAgain.push(absolutePath(root, path));
    }
    for (const { fault, keys, detail } of wrong)
      if (fault !== 'CODE_MISSING') done(fault, sentenceOf(fault, keys.length, detail));
    wrong = checkCatalog(catalog);
  }

  for (const { fault, record } of findings.encoders) {
    if (fault === 'GRAPH_DAMAGED') {
      const { graph, sidecar } = hnswFiles(workspace.layout, record.fingerprint);
      for (const file of [graph, sidecar]) await rm(file, { force: true });
      done(fault, `The graph of ${record.method} was removed.`);
      continue;
    }
    if (fault === 'CODE_FILE_DAMAGED') continue;
    await workspace.forget(record);
    const shipped = isShipped(record) ? await wholeOrSay(() => undefined) : undefined;
    if (shipped !== undefined && (await storeEncoder(workspace.layout, shipped.files)) === record.fingerprint) {
      done(fault, `The files of ${record.method}, which come with Sandglass, were put back.`);
      continue;
    }
    catalog.write(() => {
      catalog.encoders.remove(record.id);
      if (defaultMethod(catalog, record.kind).method === record.method) forgetDefault(catalog, record.kind);
    });
    const again = record.info.imported === true ? 'import it again' : 'learn it anew with: sandglass index';
    done(fault, `${record.method} of ${record.kind} items was taken out with its codes; ${again}.`);
  }

  await makeCodes(workspace, signal, onStep, done);
  for (const kind of ['text', 'image'] as const)
    if (await refreshGraph(workspace, kind, { signal, onStart: () => onStep(`building the graph of ${kind} items`) }))
      done('GRAPH_DAMAGED', `The graph of ${kind} items was built anew.`);
  for (const { record } of findings.encoders.filter(({ fault }) => fault === 'CODE_FILE_DAMAGED')) {
    const damaged = (await checkCodeFiles(workspace, record)).filter(({ state }) => state === 'damaged');
    for (const { name } of damaged) await rm(join(workspace.layout.codes, name), { force: true });
    if (damaged.length > 0) done('CODE_FILE_DAMAGED', `A code file of ${record.method} was removed.`);
  }
  await refreshCodeFiles(workspace, { signal, notice: () => undefined });
  return { repairs, indexAgain };
}

function sentenceOf(fault: VerifyRepair['code'], count: number, detail: string | undefined): string {
  switch (fault) {
    case 'REFERENCE_BROKEN':
      return `Rows that belonged to nothing were removed (${detail}).`;
    case 'TIE_WRONG':
      return `${count} tie keys were set by the hash; these files are read again by the next indexing.`;
    case 'WORDS_DAMAGED':
    case 'PASSAGES_DAMAGED':
    case 'SHINGLES_DAMAGED':
      return `The words, passages and shingles of ${count} documents were made anew from their texts.`;
    case 'CODE_DAMAGED':
    case 'CODE_STRAY':
      return `${count} codes were removed.`;
    default:
      return `${count} were removed.`;
  }
}

/** Gives items and passages the codes they lack; pictures are read again. What cannot be made now stays a problem. */
async function makeCodes(
  workspace: Workspace,
  signal: AbortSignal,
  onStep: (what: string) => void,
  done: (code: VerifyRepair['code'], message: string) => void,
): Promise<void> {
  const { catalog } = workspace;
  const active = catalog.encoders.list().filter(({ state }) => state === 'active');
  for (const record of active) {
    if (isPlainEncoder(record) || !lacksCodes(catalog, record.id)) continue;
    let made = 0;
    onStep(`making codes of ${record.method}`);
    try {
      await fillCodes(workspace, record, { signal, notice: () => undefined, onEncoded: (count) => (made += count) });
    } catch (error) {
      if (!(error instanceof SandglassError) || !error.code.startsWith('ENCODER_')) throw error;
    }
    if (made > 0) done('CODE_MISSING', `${made} codes of ${record.method} were made anew.`);
  }
  const plain: PlainEncoders = new Map(
    PICTURE_CODES.flatMap((code) => {
      const record = active.find(({ fingerprint }) => fingerprint === code.fingerprint);
      return record === undefined ? [] : [[code, record.id] as const];
    }),
  );
  if (![...plain.values()].some((id) => catalog.codes.missing(id, 1).length > 0)) return;
  let read = 0;
  await renewHashes(catalog, plain, {
    signal,
    notice: () => undefined,
    onStart: (total) => onStep(`reading ${total} pictures again`),
    onRenewed: () => read++,
  });
  done('CODE_MISSING', `${read} pictures were read again for their hashes.`);
}
