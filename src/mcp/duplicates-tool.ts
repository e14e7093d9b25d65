// `duplicates`: which indexed files are copies of one another, in which way, and which one to keep?
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { present } from '../present.ts';
import {
  type DuplicateFile,
  type Duplicates,
  type DuplicatesOptions,
  RELATIONS,
  type Sandglass,
} from '../sandglass.ts';
import { ADDRESS, type Addresses } from './addresses.ts';
import { page, READS_ONLY, result, type Serve } from './tool.ts';

const SEARCH = {
  kind: z.enum(['text', 'image']).optional().describe('Only documents, or only pictures'),
  precision: z.number().gt(0).lt(1).default(0.99).describe('The share of listed pairs that should be right'),
  relations: z.array(z.enum(RELATIONS)).min(1).optional().describe('Only these relations'),
} as const;

const INPUT = z.strictObject({
  ...SEARCH,
  limit: z.int().min(1).max(200).default(20).describe('Groups of one answer'),
  offset: z
    .int()
    .min(0)
    .default(0)
    .describe('nextOffset of the answer before: the next groups of the same search. 0 searches anew'),
});

const PAIR = { relation: z.string(), probability: z.number().describe('That the two are duplicates') } as const;

const OUTPUT = z.object({
  items: z.int().describe('Files that were looked at'),
  groupCount: z.int().describe('Groups of all pages'),
  groups: z.array(
    z.object({
      kind: z.enum(['text', 'image']),
      keep: z.object({ ...ADDRESS, size: z.number().describe('Bytes') }),
      reason: z.string().describe('Why that one is to be kept'),
      copies: z.array(
        z.object({ ...ADDRESS, size: z.number(), relation: PAIR.relation, probability: PAIR.probability }),
      ),
      bytes: z.number().describe('Of the copies'),
    }),
  ),
  pairs: z
    .array(z.object({ a: z.object(ADDRESS), b: z.object(ADDRESS), ...PAIR, score: z.number() }))
    .describe('With the last page: pairs that no group holds, for not every two of their neighbours are duplicates'),
  nextOffset: z.int().optional().describe('There are more groups: ask again with this offset'),
  notes: z.array(z.string()),
});

/** Pairs beside the groups that one answer lists. */
const MOST_PAIRS = 200;

/** The last search, whose further pages are asked for: searching a large folder takes minutes. */
interface Search {
  readonly index: Sandglass;
  readonly key: string;
  readonly found: Duplicates;
}

export function registerDuplicates(server: McpServer, serve: Serve): void {
  let last: Search | undefined;
  server.registerTool(
    'duplicates',
    {
      title: 'Find duplicates',
      description:
        'Groups of indexed files of which every two are duplicates, each with the relation (identical, re-encoded, resized, cropped, revision, contained, …), its probability, and which file to keep and why. Nothing is moved or deleted. May take minutes on a large folder.',
      inputSchema: INPUT,
      outputSchema: OUTPUT,
      annotations: READS_ONLY,
    },
    serve(async ({ limit, offset, ...asked }: z.output<typeof INPUT>, { index, addresses, signal, progress }) => {
      const key = JSON.stringify(asked);
      if (offset === 0 || last?.key !== key || last.index !== index) {
        const onProgress: DuplicatesOptions['onProgress'] = ({ phase, kind, done, total }) =>
          progress(done, total, `${kind}: ${phase}`);
        last = { index, key, found: await index.duplicates({ ...optionsOf(asked), signal, onProgress }) };
      }
      return result(pageOf(last.found, offset, limit, addresses));
    }),
  );
}

function optionsOf({
  kind,
  precision,
  relations,
}: Pick<z.output<typeof INPUT>, keyof typeof SEARCH>): DuplicatesOptions {
  return { precision, ...present({ kind, relations }) };
}

function pageOf(found: Duplicates, offset: number, limit: number, addresses: Addresses): z.input<typeof OUTPUT> {
  const { shown, next } = page(found.groups, offset, limit);
  const named = ({ path, size }: DuplicateFile) => ({ ...addresses.of(path), size });
  const pairs = next.nextOffset === undefined ? found.others : [];
  const left = pairs.length - MOST_PAIRS;
  return {
    items: found.items,
    groupCount: found.groups.length,
    groups: shown.map(({ kind, files: [keep, ...copies], why, bytes }) => ({
      kind,
      keep: named(keep),
      reason: why,
      copies: copies.map((copy) => ({ ...named(copy), relation: copy.relation!, probability: copy.probability! })),
      bytes,
    })),
    pairs: pairs.slice(0, MOST_PAIRS).map(({ a, b, relation, probability, score }) => ({
      a: addresses.of(a),
      b: addresses.of(b),
      relation,
      probability,
      score,
    })),
    ...next,
    notes: [...found.notes, ...(left > 0 ? [`${left} more pairs: sandglass duplicates lists all.`] : [])],
  };
}
