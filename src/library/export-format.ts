// What an export is: a folder of JSON lines and NumPy arrays, with a manifest that names each file and its SHA-256.
import { z } from 'zod';

export const EXPORT_FORMAT = 'sandglass-export';
export const EXPORT_VERSION = 1;

export const MANIFEST_FILE = 'manifest.json';
export const ITEMS_FILE = 'items.jsonl';
export const VOCABULARY_FILE = 'vocabulary.txt';
export const CODES_FOLDER = 'codes';
export const ENCODERS_FOLDER = 'encoders';

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();
const json = z.record(z.string(), z.unknown());
/** A plain path inside of the export. */
const file = z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/);

const codes = z.object({
  /** `item`, or what items are made of: `passage`, `frame`. */
  of: z.string().regex(/^[a-z]+$/),
  rows: count,
  /** [rows, dimensions] float32, or [rows, bytes of a code] uint8. */
  codes: file,
  /** [rows] int32: which line of items.jsonl, or which part in the order of the lines, from 0. */
  numbers: file,
});

export const exportManifest = z.object({
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(EXPORT_VERSION),
  /** ISO 8601. */
  created: z.string(),
  items: count,
  /** With the texts of documents. */
  text: z.boolean(),
  folders: z.array(
    z.object({
      path: z.string(),
      state: z.enum(['online', 'offline']),
      identity: z.object({ device: z.string(), inode: z.string() }).optional(),
      habits: json.optional(),
      keptOut: z
        .array(z.union([z.object({ path: z.string() }).strict(), z.object({ pattern: z.string() }).strict()]))
        .optional(),
    }),
  ),
  encoders: z.array(
    z.object({
      method: z.string(),
      kind: z.enum(['text', 'image']),
      fingerprint: z.string().regex(/^[\w.-]+(\/[\w.-]+)?$/),
      form: z.enum(['float32', 'bits', 'bytes']),
      dimensions: z.number().int().positive(),
      state: z.enum(['filling', 'active']),
      createdAt: z.number(),
      info: json,
      codes: z.array(codes),
    }),
  ),
  /** Pictures that wait for an encoder: [rows, 3, 64, 64] bytes each. */
  thumbnails: z.array(z.object({ of: z.string().regex(/^[a-z]+$/), rows: count, planes: file, numbers: file })),
  settings: json,
  decisions: z.array(
    z.object({ hashes: z.tuple([hash, hash]), verdict: z.enum(['distinct', 'keep-both']), at: z.number() }),
  ),
  /** Every other file, but those of encoders, whose folders are named by the hash of what is in them. */
  files: z.record(file, z.object({ bytes: count, sha256: hash })),
});

export type ExportManifest = z.infer<typeof exportManifest>;

const bag = { terms: z.array(z.string()), counts: z.array(z.number().int().positive()) };

/** A line of items.jsonl. */
export const exportedItem = z.object({
  /** Place in `folders` of the manifest. */
  folder: count,
  path: z.string().min(1),
  kind: z.enum(['text', 'image']),
  format: z.string(),
  /** Bytes. */
  size: count,
  /** Milliseconds since 1970. */
  modified: z.number(),
  indexed: z.number(),
  /** SHA-256 of the content. */
  hash,
  title: z.string().optional(),
  snippet: z.string().optional(),
  width: count.optional(),
  height: count.optional(),
  words: count.optional(),
  /** Further columns of later versions of the catalog. */
  more: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  document: z
    .object({
      characters: count,
      language: z.string(),
      author: z.string().optional(),
      date: z.string().optional(),
      pages: count.optional(),
      rules: count,
    })
    .optional(),
  text: z.string().optional(),
  bag: z.object(bag).optional(),
  passages: z.array(z.object({ start: count, end: count, ...bag })).optional(),
  /** Places of further frames in the file of a picture. */
  frames: z.array(count).optional(),
  shingles: z.array(count).optional(),
});

export type ExportedItem = z.infer<typeof exportedItem>;
