// `status`: what is indexed, which methods there are, and what could not be read.
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { present } from '../present.ts';
import { ADDRESS } from './addresses.ts';
import { page, READS_ONLY, result, type Serve } from './tool.ts';

const INPUT = z.strictObject({
  failures: z.boolean().default(false).describe('List the files that could not be read, with the reason'),
  limit: z.int().min(1).max(1_000).default(100).describe('Failures of one answer'),
  offset: z.int().min(0).default(0).describe('nextOffset of the answer before'),
});

const OUTPUT = z.object({
  items: z.object({ text: z.int(), image: z.int(), failed: z.int() }),
  folders: z.array(z.object({ folder: z.string(), state: z.enum(['online', 'offline']), items: z.int() })),
  languages: z.record(z.string(), z.int()).describe('Documents of each language (ISO 639)'),
  methods: z
    .array(
      z.object({
        method: z.string(),
        kind: z.enum(['text', 'image']),
        trainedOn: z.int().optional().describe('Items that it learned from'),
      }),
    )
    .describe('Encoders that answer; the word methods bow, tfidf, bm25, minhash, hybrid are always there for text'),
  defaults: z
    .record(z.string(), z.object({ method: z.string(), sentence: z.string() }))
    .describe('What auto stands for, and why'),
  bytes: z.number().describe('Size of the index'),
  advice: z.array(z.string()).describe('What the user may want to do'),
  failures: z.array(z.object({ ...ADDRESS, code: z.string(), message: z.string(), at: z.string() })).optional(),
  nextOffset: z.int().optional().describe('There are more failures: ask again with this offset'),
});

export function registerStatus(server: McpServer, serve: Serve): void {
  server.registerTool(
    'status',
    {
      title: 'What is indexed',
      description:
        'How many documents and pictures of which folders are indexed, the methods that answer, and the files that could not be read.',
      inputSchema: INPUT,
      outputSchema: OUTPUT,
      annotations: READS_ONLY,
    },
    serve(async ({ failures, limit, offset }: z.output<typeof INPUT>, { index, addresses }) => {
      const { items, roots, languages, encoders, defaults, bytes, advice } = await index.status();
      const { shown, next } = page(failures ? index.failures() : [], offset, limit);
      const failed = shown.map(({ path, code, message, at }) => ({ ...addresses.of(path), code, message, at }));
      return result({
        items,
        folders: roots.map(({ path, state, items: count }) => ({
          folder: addresses.nameOf(path),
          state,
          items: count,
        })),
        languages,
        methods: encoders
          .filter(({ state, codes }) => state === 'active' && codes > 0)
          .map(({ method, kind, trainedOn }) => ({ method, kind, ...present({ trainedOn }) })),
        defaults: Object.fromEntries(
          Object.entries(defaults).map(([kind, { method, sentence }]) => [kind, { method, sentence }]),
        ),
        bytes,
        advice: [...advice],
        ...(failures ? { failures: failed, ...next } : {}),
      });
    }),
  );
}
