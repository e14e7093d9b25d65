// Checks an index: the catalog, the encoders, what is derived, each by itself and against the others.
import { SandglassError, throwIfAborted } from '../errors.ts';
import { PICTURE_CODES } from '../image/picture-codes.ts';
import { type CatalogFinding, checkCatalog } from '../index/catalog-check.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { openHnsw } from '../index/hnsw.ts';
import type { IndexLayout } from '../index/layout.ts';
import { namesIn } from '../index/names-in.ts';
import { TEXT_RULES } from '../text/text-parts.ts';
import { checkCodeFiles } from './code-files.ts';
import { type CodeSample, compareCodes } from './compare-codes.ts';
import { comparePartsOfTexts } from './compare-parts.ts';
import { comparePictures } from './compare-pictures.ts';
import { itemPath } from './folders.ts';
import { graphSource } from './graph.ts';
import { isUnfinished } from './left-overs.ts';
import { answers } from './plain-codes.ts';
import { countCodeUnits } from './units.ts';
import {
  adviceFor,
  FAULTS,
  type Fault,
  type VerifyNote,
  type VerifyOptions,
  type VerifyProblem,
} from './verification.ts';
import type { Workspace } from './workspace.ts';

/** What is wrong with one encoder: its files, or codes that are not its own. */
export interface EncoderFinding {
  readonly fault: 'ENCODER_LOST' | 'ENCODER_BROKEN' | 'GRAPH_DAMAGED' | 'CODE_FILE_DAMAGED';
  readonly record: EncoderRecord;
  readonly detail: string;
}

/** All that was found, as the repair needs it. */
export interface Findings {
  readonly catalog: readonly CatalogFinding[];
  /** Nothing but the catalog was looked at: all else would stumble over what is wrong in it. */
  readonly cutShort: boolean;
  /** Codes that their encoder does not give. */
  readonly wrongCodes: readonly CodeSample[];
  readonly encoders: readonly EncoderFinding[];
  readonly notes: readonly VerifyNote[];
  readonly checked: {
    items: number;
    passages: number;
    codes: number;
    encoders: number;
    graphs: number;
    codeFiles: number;
  };
}

const EXAMPLES = 5;
const STUMBLING: ReadonlySet<Fault> = new Set([
  'CATALOG_DAMAGED',
  'REFERENCE_BROKEN',
  'SETTING_DAMAGED',
  'FOLDER_DAMAGED',
  'ENCODER_DAMAGED',
]);

/** Looks through an open index; the catalog may be a snapshot. Changes nothing. */
export async function findFaults(
  workspace: Workspace,
  { deep = false, signal, onStep = () => {} }: VerifyOptions,
): Promise<Findings> {
  const { catalog } = workspace;
  const step = (what: string) => {
    throwIfAborted(signal, 'Stopped while checking the index; nothing was changed.');
    onStep(what);
  };
  const findings: CatalogFinding[] = checkCatalog(catalog, step);
  const checked = { items: 0, passages: 0, codes: 0, encoders: 0, graphs: 0, codeFiles: 0 };
  if (findings.some(({ fault }) => STUMBLING.has(fault)))
    return { catalog: findings, cutShort: true, wrongCodes: [], encoders: [], notes: [], checked };

  const { text, image } = catalog.items.counts();
  checked.items = text + image;
  checked.passages = catalog.passages.count();
  const records = catalog.encoders.list();
  const encoders: EncoderFinding[] = [];
  const wrongCodes: CodeSample[] = [];
  const ofPictures: EncoderRecord[] = [];
  const codeFiles = new Set<string>();
  const notes: VerifyNote[] = [...notesOf(workspace, records)];
  if (deep) {
    step('words of texts');
    const parts = await comparePartsOfTexts(catalog, findings, step);
    if (parts !== undefined) findings.push(parts);
  }
  for (const record of records) {
    const codes = countCodeUnits(catalog, record.id);
    checked.codes += codes;
    if (record.state === 'active') {
      for (const { name, state, reason } of await checkCodeFiles(workspace, record)) {
        checked.codeFiles++;
        codeFiles.add(name);
        if (state === 'damaged') encoders.push({ fault: 'CODE_FILE_DAMAGED', record, detail: reason ?? '' });
        else if (state === 'stale') codeFiles.delete(name);
      }
    }
    if (PICTURE_CODES.some((code) => answers(code, record))) ofPictures.push(record);
    if (!isLearned(record) || record.state === 'retired') continue;
    checked.encoders++;
    step(`encoder ${record.method}`);
    const loaded = await loadFault(workspace, record);
    if (loaded !== undefined && 'fault' in loaded) {
      encoders.push(loaded);
      continue;
    }
    if (loaded !== undefined) notes.push(loaded);
    else if (record.kind === 'image') ofPictures.push(record);
    else wrongCodes.push(...(await compareCodes(workspace, record, findings, deep, step)));
    step(`graph of ${record.method}`);
    const graph = await graphFault(workspace, record, notes);
    if (graph === 'none') continue;
    checked.graphs++;
    if (graph !== undefined) encoders.push(graph);
  }
  if (deep) {
    step('pictures');
    wrongCodes.push(...(await comparePictures(workspace, ofPictures, findings, step, signal)));
  }
  notes.push(...(await leftOvers(workspace.layout, records, codeFiles)));
  return { catalog: findings, cutShort: false, wrongCodes, encoders, notes, checked };
}

/** True for encoders with files: those that were trained, imported or came with the package. */
export function isLearned({ fingerprint }: Pick<EncoderRecord, 'fingerprint'>): boolean {
  return /^[0-9a-f]{64}$/.test(fingerprint);
}

/** What keeps an encoder from running; a note where it is only one of another version. */
async function loadFault(
  workspace: Workspace,
  record: EncoderRecord,
): Promise<EncoderFinding | VerifyNote | undefined> {
  try {
    const { dimensions, kind } = await workspace.encoder(record);
    if (dimensions === record.dimensions && kind === record.kind) return undefined;
    return {
      fault: 'ENCODER_BROKEN',
      record,
      detail: `it gives ${dimensions} numbers of ${kind} items, the catalog says ${record.dimensions} of ${record.kind}`,
    };
  } catch (error) {
    if (!(error instanceof SandglassError)) throw error;
    const detail = error.message;
    if (error.code === 'ENCODER_MISSING') return { fault: 'ENCODER_LOST', record, detail };
    if (error.code === 'ENCODER_BROKEN') return { fault: 'ENCODER_BROKEN', record, detail };
    if (error.code !== 'ENCODER_MISMATCH') throw error;
    return { code: 'ENCODER_OUTDATED', message: `${record.method} (${record.fingerprint}): ${detail}` };
  }
}

async function graphFault(
  workspace: Workspace,
  record: EncoderRecord,
  notes: VerifyNote[],
): Promise<EncoderFinding | 'none' | undefined> {
  if (record.form !== 'float32') return 'none';
  const { state, ...opened } = await openHnsw(workspace.layout, graphSource(workspace, record));
  if (state === 'ready') return undefined;
  const reason = 'reason' in opened ? opened.reason : '';
  if (state === 'damaged') return { fault: 'GRAPH_DAMAGED', record, detail: reason };
  if (state === 'missing') return 'none';
  notes.push({
    code: 'GRAPH_STALE',
    message: `The graph of ${record.method} is of another state of its codes (${reason}): it is not asked, and built anew by the next indexing.`,
  });
  return undefined;
}

function notesOf({ catalog }: Workspace, records: readonly EncoderRecord[]): VerifyNote[] {
  const notes: VerifyNote[] = [];
  const textless = catalog.database
    .prepareRaw<readonly [number]>(
      "SELECT count(*) FROM item WHERE kind = 'text' AND NOT EXISTS (SELECT 1 FROM document WHERE item_id = item.id)",
    )
    .get()![0];
  if (textless > 0)
    notes.push({
      code: 'TEXT_NOT_KEPT',
      message: `${textless} documents were indexed by a version that kept no texts: the next indexing reads them again.`,
    });
  const outdated = catalog.documents.outdated(TEXT_RULES).length;
  if (outdated > 0)
    notes.push({
      code: 'RULES_CHANGED',
      message: `The words of ${outdated} documents were found by rules of another version: the next indexing finds them anew.`,
    });
  for (const { method, kind, state } of records)
    if (state === 'filling')
      notes.push({
        code: 'ENCODER_FILLING',
        message: `${method} of ${kind} items does not answer yet: the next indexing goes on with it.`,
      });
  return notes;
}

/** What a killed process left, or nobody needs any more. */
async function leftOvers(
  layout: IndexLayout,
  records: readonly EncoderRecord[],
  codeFiles: ReadonlySet<string>,
): Promise<VerifyNote[]> {
  const kept = new Set(records.filter(({ state }) => state !== 'retired').map(({ fingerprint }) => fingerprint));
  const left = [
    ...(await namesIn(layout.directory)).filter(isUnfinished),
    ...(await namesIn(layout.encoders)).filter((name) => !kept.has(name)),
    ...(await namesIn(layout.codes)).filter((name) => !codeFiles.has(name)),
    ...(await namesIn(layout.hnsw)).filter((name) => !kept.has(name.slice(0, 64)) || isUnfinished(name)),
  ];
  if (left.length === 0) return [];
  const what = left.length === 1 ? 'One file or folder is' : `${left.length} files or folders are`;
  return [{ code: 'LEFT_OVER', message: `${what} left over (${left[0]}); remove them with: sandglass gc` }];
}

/** What was found, for a person. */
export function problemsOf(
  { catalog }: Workspace,
  { catalog: found, wrongCodes, encoders }: Findings,
): VerifyProblem[] {
  const foldersAreKnown = found.every(({ fault }) => fault !== 'FOLDER_DAMAGED');
  const nameOfEncoder = (id: number | undefined) => (id === undefined ? '' : catalog.encoders.get(id).method);
  const pathsOf = (ids: readonly (number | string)[]) =>
    catalog.items
      .many(ids.slice(0, EXAMPLES).map(Number))
      .map((item) => (foldersAreKnown ? itemPath(catalog, item) : item.path));
  const itemsOf = ({ fault, keys, of }: CatalogFinding): readonly string[] => {
    if (/^(SETTING|FOLDER|ENCODER|REFERENCE|CATALOG)/.test(fault)) return keys.slice(0, EXAMPLES).map(String);
    if (of === undefined || of === 'item') return pathsOf(keys);
    const itemOf = catalog.database.prepareRaw<readonly [number]>(`SELECT item_id FROM ${of} WHERE id = ?`);
    return pathsOf(keys.slice(0, EXAMPLES).flatMap((id) => itemOf.get(id) ?? []));
  };
  return [
    ...found.map((finding) => {
      const whose = finding.encoderId === undefined ? '' : ` (${nameOfEncoder(finding.encoderId)}, of ${finding.of}s)`;
      const detail = finding.detail === undefined ? '' : `: ${finding.detail}`;
      return problem(finding.fault, finding.keys.length, `${whose}${detail}`, itemsOf(finding));
    }),
    ...wrongCodes.map(({ record, of, ids }) =>
      problem(
        'CODE_WRONG',
        ids.length,
        ` (${record.method}, of ${of}s)`,
        itemsOf({ fault: 'CODE_DAMAGED', keys: ids, of }),
      ),
    ),
    ...encoders.map(({ fault, record, detail }) => problem(fault, 1, `: ${detail}`, [record.method])),
  ];
}

function problem(code: Fault, count: number, detail: string, examples: readonly string[]): VerifyProblem {
  return { code, count, message: `${FAULTS[code]}${detail}`, advice: adviceFor(code), examples };
}
