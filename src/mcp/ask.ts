// The tools that ask: `search_text`, what is like these words? `similar`, what is like these indexed files?
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { present } from '../present.ts';
import type { Hit, QueryInput, QueryOptions } from '../sandglass.ts';
import { ADDRESS } from './addresses.ts';
import { HIT, hitOf } from './hits.ts';
import { type Call, indexedItem, page, READS_ONLY, result, type Serve, thumbnail } from './tool.ts';

const MOST_HITS = 1_000;
/** Thumbnails of one answer: each takes a few kilobytes of the model's attention. */
const MOST_THUMBNAILS = 20;
const LONGEST_TEXT = 100_000;
const MOST_EXAMPLES = 20;

const pattern = z.string().min(1).max(1_000);
const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

const QUESTION = {
  limit: z.int().min(1).max(100).default(10).describe('Hits of one answer'),
  offset: z.int().min(0).max(MOST_HITS).default(0).describe('nextOffset of the answer before, for more hits'),
  method: z
    .string()
    .max(200)
    .default('auto')
    .describe(
      'auto: what was best when the folder was indexed. Text: ae, lsa, hybrid, bow, tfidf, bm25, minhash (copied passages), …; pictures: ae, phash, pdq, colour, …; imported encoders by name (see status)',
    ),
  minScore: z.number().optional().describe('Only hits with at least this score'),
  glob: z
    .array(pattern)
    .max(100)
    .optional()
    .describe('Only paths that match one of these patterns; !pattern leaves out'),
  since: moment.optional().describe('Only files changed since then (ISO 8601)'),
  before: moment.optional().describe('Only files changed before then'),
  language: z.array(z.string().max(20)).max(100).optional().describe('Only documents in these languages (ISO 639)'),
  exact: z.boolean().default(false).describe('Compare all codes as floats: no graph, no codes in fewer bytes'),
  explain: z.boolean().default(false).describe('Say more of the reasons: topic words, rank by every method. Slower'),
} as const;

const SEARCH_TEXT = z.strictObject({
  text: z
    .string()
    .min(1)
    .max(LONGEST_TEXT)
    .describe('Words, a sentence, or a whole text, in any language of the folder'),
  ...QUESTION,
});

const EXAMPLE = z.strictObject({ path: ADDRESS.path, folder: ADDRESS.folder.optional() });

const SIMILAR = z.strictObject({
  like: z
    .array(EXAMPLE)
    .min(1)
    .max(MOST_EXAMPLES)
    .describe('Indexed files, as other tools name them; several are examples of what is looked for'),
  unlike: z.array(EXAMPLE).max(MOST_EXAMPLES).default([]).describe('Examples of what is not looked for'),
  frame: z.int().min(1).optional().describe('Ask with this frame or page of a picture, from 1'),
  thumbnails: z.boolean().default(false).describe(`Small pictures of the first ${MOST_THUMBNAILS} hits, as images`),
  ...QUESTION,
});

const ANSWER = z.object({
  method: z.string(),
  approximate: z.boolean().describe('A graph was asked, or codes in fewer bytes, which may miss a hit'),
  items: z.int().describe('How many items were ranked'),
  hits: z.array(HIT),
  nextOffset: z.int().optional().describe('There are more hits: ask again with this offset'),
  notes: z.array(z.string()).describe('What one should know about this answer'),
});

type Question = Omit<z.output<typeof SEARCH_TEXT>, 'text'>;

export function registerQuestions(server: McpServer, serve: Serve): void {
  server.registerTool(
    'search_text',
    {
      title: 'Search documents',
      description:
        'Finds the indexed documents most like words, a sentence or a whole text, best first, each with the passage that answers and the reason.',
      inputSchema: SEARCH_TEXT,
      outputSchema: ANSWER,
      annotations: READS_ONLY,
    },
    serve(({ text, ...question }: z.output<typeof SEARCH_TEXT>, call) => answer(call, [{ text }], question)),
  );
  server.registerTool(
    'similar',
    {
      title: 'Similar files',
      description:
        'Finds what is most like one indexed document or picture, or like several examples. The examples themselves are left out.',
      inputSchema: SIMILAR,
      outputSchema: ANSWER,
      annotations: READS_ONLY,
    },
    serve(({ like, unlike, frame, thumbnails, ...question }: z.output<typeof SIMILAR>, call) => {
      // Only what is indexed is read: `indexedItem` refuses all else before a file is looked at.
      const files = [like, unlike].map((examples) => examples.map((one) => indexedItem(call, one).path));
      const inputs = files[0]!.map((file): QueryInput => (frame === undefined ? { file } : { file, frame }));
      const not = files[1]!.map((file): QueryInput => ({ file }));
      return answer(call, inputs, question, { not, leftOut: new Set(files.flat()), thumbnails });
    }),
  );
}

interface More {
  readonly not?: readonly QueryInput[];
  readonly leftOut?: ReadonlySet<string>;
  readonly thumbnails?: boolean;
}

async function answer(
  { index, addresses, signal }: Call,
  inputs: readonly QueryInput[],
  { limit, offset, ...question }: Question,
  { not = [], leftOut = new Set(), thumbnails = false }: More = {},
): Promise<CallToolResult> {
  // One more than is shown tells whether there are more.
  const k = offset + limit + leftOut.size + 1;
  const found = await index.query(inputs, { ...optionsOf(question), k, signal, ...(not.length === 0 ? {} : { not }) });
  const kept = found.hits.filter(({ path }) => !leftOut.has(path)).map((hit, i) => ({ ...hit, rank: i + 1 }));
  const { shown, next } = page(kept, offset, limit);
  return result(
    {
      method: found.method,
      approximate: found.approximate,
      items: found.items,
      hits: shown.map((hit) => hitOf(hit, found.method, addresses)),
      ...next,
      notes: [...found.notes],
    },
    thumbnails && found.kind === 'image' ? await thumbnailsOf(index, shown, addresses) : [],
  );
}

function optionsOf({
  method,
  minScore,
  glob,
  since,
  before,
  language,
  exact,
  explain,
}: Omit<Question, 'limit' | 'offset'>): QueryOptions {
  return {
    method,
    exact,
    explain,
    ...present({ minScore }),
    filter: present({ glob, since: dateOf(since), before: dateOf(before), language }),
  };
}

const dateOf = (iso: string | undefined) => (iso === undefined ? undefined : new Date(iso));

async function thumbnailsOf(
  index: Call['index'],
  hits: readonly Hit[],
  addresses: Call['addresses'],
): Promise<ContentBlock[]> {
  const blocks: ContentBlock[] = [];
  for (const { path, rank } of hits.slice(0, MOST_THUMBNAILS)) {
    const name = `${rank}. ${addresses.of(path).path}`;
    // A picture that is gone or broken by now is still a hit.
    blocks.push(
      ...(await thumbnail(index, path, name).catch(() => [{ type: 'text' as const, text: `${name}: no picture` }])),
    );
  }
  return blocks;
}
