// How many of the nearest items are found where codes are compared in fewer bytes: measured by indexing, told by status.
import { setImmediate } from 'node:timers/promises';
import { throwIfAborted } from '../errors.ts';
import type { Catalog } from '../index/catalog.ts';
import type { EncoderRecord } from '../index/encoder-table.ts';
import { floatCodes, type ShortForm, shortCodes } from '../methods/searched-codes.ts';
import { searchedForm } from './code-precision.ts';
import { readCodeUnits } from './units.ts';

const SETTING = 'codes-found';

/** What was measured of the codes of a catalog, by the fingerprints of encoders. */
interface Found {
  readonly catalogId: string;
  readonly encoders: Readonly<Record<string, FoundOfEncoder>>;
}

interface FoundOfEncoder {
  readonly form: ShortForm;
  /** Of the codes. */
  readonly revision: number;
  readonly recall: number;
}

const NEIGHBOURS = 10;

/** Codes that are asked with, evenly spread over all: the same for the same codes. */
const SAMPLE = 100;

/** Measures what was not measured of the codes as they are now. For the writer only. */
export async function measureRecall(catalog: Catalog, signal: AbortSignal): Promise<void> {
  const before = foundIn(catalog);
  const encoders: Record<string, FoundOfEncoder> = {};
  for (const record of catalog.encoders.list()) {
    const form = searchedForm(catalog, record);
    if (record.state !== 'active' || record.form !== 'float32' || form === 'float32') continue;
    encoders[record.fingerprint] = knownOf(before, record, form) ?? {
      form: form as ShortForm,
      ...(await recallOf(catalog, record, form as ShortForm, signal)),
    };
  }
  const found: Found | undefined = Object.keys(encoders).length === 0 ? undefined : { catalogId: catalog.id, encoders };
  if (JSON.stringify(found) !== JSON.stringify(before)) catalog.settings.set(SETTING, found);
}

/**
 * The share of the ten nearest others, by their floats, that are found among the codes of an encoder as they are compared now: mean
 * over a sample. Undefined where they were changed since it was measured.
 */
export function measuredRecall(catalog: Catalog, record: EncoderRecord): number | undefined {
  return knownOf(foundIn(catalog), record, searchedForm(catalog, record))?.recall;
}

function foundIn(catalog: Catalog): Found | undefined {
  const found = catalog.settings.get<Found>(SETTING);
  return found?.catalogId === catalog.id ? found : undefined;
}

function knownOf(
  found: Found | undefined,
  { fingerprint, revision }: EncoderRecord,
  form: string,
): FoundOfEncoder | undefined {
  const known = found?.encoders[fingerprint];
  return known?.form === form && known.revision === revision ? known : undefined;
}

async function recallOf(
  catalog: Catalog,
  { id, dimensions }: EncoderRecord,
  form: ShortForm,
  signal: AbortSignal,
): Promise<Pick<FoundOfEncoder, 'revision' | 'recall'>> {
  const [whole, packed] = catalog.read(() => [
    readCodeUnits(catalog, id, true),
    readCodeUnits(catalog, id, true, form),
  ]);
  const { items, encoder } = whole;
  const floats = whole.codes as Float32Array;
  const codeOf = (row: number) => floats.subarray(row * dimensions, (row + 1) * dimensions);
  const exact = floatCodes(floats, items, dimensions);
  const short = shortCodes(form, packed.codes as Uint8Array, items, (rows) => rows.map(codeOf));
  const count = items.ids.length;
  const sampled = Math.min(SAMPLE, count);
  let [found, wanted] = [0, 0];
  for (let i = 0; i < sampled; i++) {
    const row = Math.floor(((i + 0.5) * count) / sampled);
    const query = codeOf(row).slice();
    if (query.every((value) => value === 0)) continue;
    // Whoever waits for this thread has a turn between two questions.
    await setImmediate();
    throwIfAborted(signal, 'Stopped while measuring what codes find; the next run measures it.');
    const isOther = (other: number) => other !== row;
    const nearest = exact.search(query, NEIGHBOURS, isOther);
    // What is as near as the last one is as good.
    const worst = nearest.at(-1)?.score ?? Number.POSITIVE_INFINITY;
    found += short.search(query, NEIGHBOURS, isOther).filter(({ score }) => score >= worst).length;
    wanted += nearest.length;
  }
  return { revision: encoder.revision, recall: wanted === 0 ? 1 : found / wanted };
}
