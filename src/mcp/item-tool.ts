// `get_item`: what the index knows of one file, its text in pieces, its thumbnail.
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';
import { ADDRESS } from './addresses.ts';
import { FACTS } from './facts.ts';
import { indexedItem, READS_ONLY, result, type Serve, thumbnail } from './tool.ts';

const INPUT = z.strictObject({
  path: ADDRESS.path,
  folder: ADDRESS.folder.optional().describe('Name of the indexed folder; needed where several are indexed'),
  textOffset: z.int().min(0).default(0).describe('Where to go on reading: nextTextOffset of the answer before'),
  textLimit: z.int().min(0).max(100_000).default(8_000).describe('Characters of the text; 0 for none'),
  thumbnail: z.boolean().default(false).describe('A small picture of a picture, as an image'),
});

const OUTPUT = z.object({
  ...ADDRESS,
  kind: z.enum(['text', 'image']),
  format: z.string(),
  size: z.number().describe('Bytes'),
  modified: z.string().describe('When the file was changed last, as it was indexed'),
  indexed: z.string().describe('When this content was indexed'),
  hash: z.string().describe('SHA-256 of the content'),
  ...FACTS,
  characters: z.int().optional().describe('Length of the whole text'),
  width: z.int().optional().describe('Pixels'),
  height: z.int().optional(),
  text: z.string().optional(),
  nextTextOffset: z.int().optional().describe('There is more text: ask again with this textOffset'),
});

export function registerGetItem(server: McpServer, serve: Serve): void {
  server.registerTool(
    'get_item',
    {
      title: 'Read one file',
      description:
        'What the index knows of one indexed file: facts, the text of a document in pieces, a thumbnail of a picture.',
      inputSchema: INPUT,
      outputSchema: OUTPUT,
      annotations: READS_ONLY,
    },
    serve(async (asked: z.output<typeof INPUT>, call) => {
      const { index, addresses } = call;
      const { path, snippet: _, ...facts } = indexedItem(call, asked);
      const all = asked.textLimit === 0 ? undefined : index.itemText(path);
      const end = asked.textOffset + asked.textLimit;
      const text = all === undefined ? {} : { text: all.slice(asked.textOffset, end) };
      const next = all !== undefined && end < all.length ? { nextTextOffset: end } : {};
      const address = addresses.of(path);
      return result(
        { ...address, ...facts, ...text, ...next },
        asked.thumbnail ? await thumbnail(index, path, address.path) : [],
      );
    }),
  );
}
