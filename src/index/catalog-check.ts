// Looks for what cannot be true of a catalog: row against row, blob by blob. Nothing is changed.
import { inflateRawSync } from 'node:zlib';
import { readBlobs } from './blob-column.ts';
import type { Catalog } from './catalog.ts';
import { codeBytes, type EncoderRecord } from './encoder-table.ts';
import { decodeShinglesInto } from './shingle-codec.ts';
import { decodeTermsInto } from './term-codec.ts';

/** Everything that can be wrong in a catalog, with what it means. Codes are stable. */
export const CATALOG_FAULTS = {
  CATALOG_DAMAGED: 'pages of the catalog are damaged',
  REFERENCE_BROKEN: 'rows belong to something that is not there',
  SETTING_DAMAGED: 'settings of the index are no JSON',
  FOLDER_DAMAGED: 'what is remembered of a folder is no JSON',
  ITEM_DAMAGED: 'items have a path that leads nowhere',
  TIE_WRONG: 'items have another tie key than their hash gives',
  TEXT_DAMAGED: 'texts cannot be unpacked, or are not as long as they were',
  WORDS_DAMAGED: 'documents lack their words, or these cannot be read',
  PASSAGES_DAMAGED: 'passages do not lie in their text, or their words cannot be read',
  SHINGLES_DAMAGED: 'documents lack their shingles, or these cannot be read',
  THUMBNAIL_DAMAGED: 'thumbnails have the wrong size, or belong to no picture',
  ENCODER_DAMAGED: 'encoders are described wrongly',
  CODE_DAMAGED: 'codes have the wrong length, or numbers that no encoder gives',
  CODE_STRAY: 'codes belong to an encoder of another kind of item, or to one out of service',
  CODE_MISSING: 'items or passages lack the code of an encoder that answers',
} as const;

export type CatalogFault = keyof typeof CATALOG_FAULTS;

export interface CatalogFinding {
  readonly fault: CatalogFault;
  /** What it is about: ids of items, passages, encoders, folders; names of tables or settings. */
  readonly keys: readonly (number | string)[];
  /** Of codes: whose. */
  readonly encoderId?: number;
  /** Of codes and thumbnails: the table of what they are of. @default 'item' */
  readonly of?: string;
  /** What SQLite says, where it is what complains. */
  readonly detail?: string;
}

/** Red, green and blue of 64 × 64. */
const THUMBNAIL_BYTES = 3 * 64 * 64;
/** How far from 1 the squared length of a code may be: float32 numbers, summed over some hundred dimensions. */
const LENGTH_TOLERANCE = 1e-3;

/**
 * Everything that is wrong in a catalog. Where SQLite itself finds the file damaged nothing else is looked at.
 *
 * @param onStep told before each step what is looked at; what it throws ends the check
 */
export function checkCatalog(catalog: Catalog, onStep: (what: string) => void = () => {}): CatalogFinding[] {
  onStep('pages');
  const complaints = catalog.check();
  if (complaints.length > 0) return [{ fault: 'CATALOG_DAMAGED', keys: [], detail: complaints.slice(0, 3).join('; ') }];
  return catalog.read(() => {
    const findings = [...checkReferences(catalog)];
    if (findings.length > 0) return findings;
    onStep('items');
    findings.push(...checkRows(catalog));
    onStep('texts');
    findings.push(...checkTexts(catalog));
    onStep('words');
    findings.push(...checkWords(catalog), ...checkShingles(catalog));
    for (const encoder of listEncoders(catalog)) {
      onStep(`codes of ${encoder.method}`);
      for (const place of codePlaces(catalog)) findings.push(...checkCodes(catalog, encoder, place));
    }
    return findings.filter(({ keys }) => keys.length > 0);
  });
}

function checkReferences({ database }: Catalog): CatalogFinding[] {
  const rows = database
    .prepareRaw<readonly [string, number]>('SELECT "table", count(*) FROM pragma_foreign_key_check GROUP BY "table"')
    .all();
  return rows.map(([table, count]) => ({
    fault: 'REFERENCE_BROKEN',
    keys: [table],
    detail: `${count} rows of ${table}`,
  }));
}

/** What SQL alone can tell. */
function checkRows({ database }: Catalog): CatalogFinding[] {
  const keys = (sql: string) =>
    database
      .prepareRaw<readonly [number | string]>(sql)
      .all()
      .map(([key]) => key);
  const wrongTies: number[] = [];
  database
    .prepareRaw<readonly [number, number, Uint8Array]>('SELECT id, tie, substr(hash, 1, 4) FROM item')
    .each(([id, tie, start]) => {
      if (Buffer.from(start).readUInt32BE() !== tie) wrongTies.push(id);
    });
  return [
    { fault: 'SETTING_DAMAGED', keys: keys('SELECT key FROM setting WHERE NOT json_valid(value)') },
    {
      fault: 'FOLDER_DAMAGED',
      keys: keys('SELECT id FROM root WHERE identity IS NOT NULL AND NOT json_valid(identity)'),
    },
    {
      fault: 'ITEM_DAMAGED',
      // What renames put out of the way begins with NUL; neither this nor a path out of the folder can have been stored.
      keys: keys(`SELECT id FROM item WHERE path = '' OR path LIKE '/%' OR instr(CAST(path AS BLOB), x'00') > 0
        OR path = '..' OR path LIKE '../%' OR path LIKE '%/../%' OR path LIKE '%/..' OR size < 0`),
    },
    { fault: 'TIE_WRONG', keys: wrongTies },
    {
      fault: 'THUMBNAIL_DAMAGED',
      keys: keys(`SELECT item_id FROM thumbnail JOIN item ON item.id = item_id
        WHERE length(planes) <> ${THUMBNAIL_BYTES} OR kind <> 'image'`),
    },
    {
      fault: 'THUMBNAIL_DAMAGED',
      of: 'frame',
      keys: keys(`SELECT frame_id FROM frame_thumbnail JOIN frame ON frame.id = frame_id JOIN item ON item.id = item_id
        WHERE length(planes) <> ${THUMBNAIL_BYTES} OR kind <> 'image'`),
    },
    { fault: 'ENCODER_DAMAGED', keys: keys('SELECT id FROM encoder WHERE NOT json_valid(info)') },
  ];
}

function checkTexts({ database }: Catalog): CatalogFinding[] {
  const keys: number[] = [];
  database
    .prepareRaw<readonly [number, number, Uint8Array]>('SELECT item_id, characters, text FROM document')
    .each(([id, characters, deflated]) => {
      if (lengthOf(deflated) !== characters) keys.push(id);
    });
  return [{ fault: 'TEXT_DAMAGED', keys }];
}

function lengthOf(deflated: Uint8Array): number | undefined {
  try {
    return inflateRawSync(deflated).toString('utf8').length;
  } catch {
    return undefined;
  }
}

function checkWords(catalog: Catalog): CatalogFinding[] {
  const { database } = catalog;
  const { ids } = catalog.terms.vocabulary();
  const isWord = new Uint8Array((ids.at(-1) ?? 0) + 1);
  for (const id of ids) isWord[id] = 1;
  const wrongBags = (table: 'item_terms' | 'passage', key: string) => {
    const wrong: number[] = [];
    const pairsOf = database.prepareRaw<readonly [number]>(`SELECT pairs FROM ${table} WHERE ${key} = ?`);
    readBlobs(database, { table, blob: 'terms', key, condition: 'true' }, [], (piece) => {
      let start = 0;
      piece.keys.forEach((row, i) => {
        const blob = piece.bytes.subarray(start, start + piece.lengths[i]!);
        start += blob.length;
        if (!isBag(blob, pairsOf.get(row)![0], isWord)) wrong.push(row);
      });
    });
    return wrong;
  };
  const lacking = database
    .prepareRaw<readonly [number]>(
      "SELECT id FROM item WHERE kind = 'text' AND NOT EXISTS (SELECT 1 FROM item_terms WHERE item_id = item.id)",
    )
    .all();
  // Passages of documents: rising places in the text, numbered from 0.
  const misplaced = database
    .prepareRaw<readonly [number]>(
      `SELECT DISTINCT passage.item_id FROM passage JOIN document ON document.item_id = passage.item_id
       WHERE begins < 0 OR begins >= ends OR ends > characters OR ordinal < 0 OR ordinal >=
         (SELECT count(*) FROM passage AS other WHERE other.item_id = passage.item_id)`,
    )
    .all();
  const itemOf = database.prepareRaw<readonly [number]>('SELECT item_id FROM passage WHERE id = ?');
  const wrongPassages = wrongBags('passage', 'id').map((id) => itemOf.get(id)![0]);
  return [
    { fault: 'WORDS_DAMAGED', keys: distinct([...lacking.map(([id]) => id), ...wrongBags('item_terms', 'item_id')]) },
    { fault: 'PASSAGES_DAMAGED', keys: distinct([...misplaced.map(([id]) => id), ...wrongPassages]) },
  ];
}

function isBag(blob: Uint8Array, pairs: number, isWord: Uint8Array): boolean {
  // A pair takes two bytes at least.
  if (pairs < 0 || pairs > blob.length >> 1) return false;
  try {
    const ids = new Uint32Array(pairs);
    return decodeTermsInto(blob, ids, new Uint16Array(pairs), 0) === pairs && ids.every((id) => isWord[id] === 1);
  } catch {
    return false;
  }
}

function checkShingles({ database }: Catalog): CatalogFinding[] {
  const wrong = database
    .prepareRaw<readonly [number]>(
      `SELECT item_id FROM document WHERE NOT EXISTS (SELECT 1 FROM shingle WHERE shingle.item_id = document.item_id)`,
    )
    .all()
    .map(([id]) => id);
  database
    .prepareRaw<readonly [number, number, Uint8Array]>('SELECT item_id, size, hashes FROM shingle')
    .each(([id, size, blob]) => {
      if (!isShingles(blob, size)) wrong.push(id);
    });
  return [{ fault: 'SHINGLES_DAMAGED', keys: distinct(wrong) }];
}

function isShingles(blob: Uint8Array, size: number): boolean {
  if (size < 0 || size > blob.length) return false;
  try {
    return decodeShinglesInto(blob, new Uint32Array(size), 0) === size;
  } catch {
    return false;
  }
}

/** Encoders whose description can be read. */
function listEncoders({ database, encoders }: Catalog): EncoderRecord[] {
  return database
    .prepareRaw<readonly [number]>('SELECT id FROM encoder WHERE json_valid(info) ORDER BY id')
    .all()
    .map(([id]) => encoders.get(id));
}

/** A table of codes, and the table of what the codes are of. */
export interface CodePlace {
  readonly table: string;
  readonly key: string;
  /** `item`, or what items are made of: `passage`, … */
  readonly of: string;
  /** How the item is found that a code belongs to. */
  readonly join?: string;
}

/** Every table of codes: `code` of items, `passage_code` of passages, and so on. */
export function codePlaces({ database }: Catalog): CodePlace[] {
  const parts = database
    .prepareRaw<readonly [string]>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, -5) = '_code' ORDER BY name",
    )
    .all()
    .map(([table]) => {
      const of = table.slice(0, -'_code'.length);
      return { table, key: `${of}_id`, of, join: `${of} ON ${of}.id = ${of}_id` };
    });
  return [{ table: 'code', key: 'item_id', of: 'item' }, ...parts];
}

function checkCodes({ database }: Catalog, encoder: EncoderRecord, place: CodePlace): CatalogFinding[] {
  const { id, kind, form, dimensions, state } = encoder;
  const { table, key, of, join } = place;
  const bytes = codeBytes(form, dimensions);
  const damaged: number[] = [];
  readBlobs(database, { ...place, blob: 'code', condition: `${table}.encoder_id = ?` }, [id], (piece) => {
    // One copy, so that the numbers lie where floats may lie.
    const all = Uint8Array.from(piece.bytes);
    let start = 0;
    piece.keys.forEach((row, i) => {
      const length = piece.lengths[i]!;
      if (length !== bytes || (form === 'float32' && !isUnit(floats(all, start, dimensions)))) damaged.push(row);
      start += length;
    });
  });
  const ids = (sql: string, ...values: (number | string)[]) =>
    database
      .prepareRaw<readonly [number]>(sql)
      .all(...values)
      .map(([row]) => row);
  const joined = join === undefined ? '' : `JOIN ${join}`;
  const strays = ids(
    `SELECT ${key} FROM ${table} ${joined} JOIN item ON item.id = item_id
     WHERE ${table}.encoder_id = ? AND (item.kind <> ? OR ? = 'retired')`,
    id,
    kind,
    state,
  );
  const missing =
    state !== 'active'
      ? []
      : ids(
          `SELECT ${of}.id FROM ${of} ${of === 'item' ? '' : 'JOIN item ON item.id = item_id'} WHERE item.kind = ?
             AND NOT EXISTS (SELECT 1 FROM ${table} WHERE encoder_id = ? AND ${key} = ${of}.id) ORDER BY ${of}.id`,
          kind,
          id,
        );
  return [
    { fault: 'CODE_DAMAGED', keys: damaged, encoderId: id, of },
    { fault: 'CODE_STRAY', keys: strays, encoderId: id, of },
    { fault: 'CODE_MISSING', keys: missing, encoderId: id, of },
  ];
}

function floats(bytes: Uint8Array, start: number, count: number): Float32Array {
  if (start % 4 === 0) return new Float32Array(bytes.buffer, start, count);
  return new Float32Array(bytes.slice(start, start + 4 * count).buffer);
}

/** True for a code of length 1, and for one of nothing but zeros: the item has nothing that the encoder knows. */
function isUnit(code: Float32Array): boolean {
  let squares = 0;
  for (const number of code) squares += number * number;
  return squares === 0 || Math.abs(squares - 1) < LENGTH_TOLERANCE;
}

function distinct(keys: readonly number[]): number[] {
  return [...new Set(keys)].sort((a, b) => a - b);
}
