// `sandglass mcp` as a client has it: the SDK's own client, a process of its own, a real index.
import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import sharp from 'sharp';
import { MAIN, sandglass } from '../cli/command.ts';
import {
  add,
  cleanUp,
  copyOf,
  documents,
  indexed,
  opened,
  picture,
  pictures,
  temporaryFolder,
  write,
} from '../library/collection.ts';

interface Answer {
  readonly [field: string]: unknown;
  readonly hits: readonly { path: string; folder: string; reason: string; rank: number; [field: string]: unknown }[];
}

const clients: Client[] = [];
let world: string;
/** Asks the world, for tests that change nothing. */
let reader: Client;

beforeAll(async () => {
  world = await pictures(4, documents(4));
  write(world, 'copy/of-bread.txt', 'flour '.repeat(3));
  write(world, 'same.png', await picture(2));
  write(world, 'broken.png', (await picture(3)).subarray(0, 40));
  await (await indexed(world)).close();
  reader = await connected(world);
  clients.pop();
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});
afterAll(async () => {
  await reader.close();
  await cleanUp();
});

async function connected(folder: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  clients.push(client);
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [MAIN, 'mcp', '--index', folder], stderr: 'pipe' }),
  );
  return client;
}

const call = async (client: Client, name: string, args: Record<string, unknown> = {}) =>
  (await client.callTool({ name, arguments: args })) as CallToolResult;

/** The structured answer; the text is the same. */
async function ask(client: Client, name: string, args: Record<string, unknown> = {}): Promise<Answer> {
  const { structuredContent, content, isError } = await call(client, name, args);
  expect(content[0]).toMatchObject({ type: 'text' });
  if (isError) throw new Error((content[0] as { text: string }).text);
  expect(JSON.parse((content[0] as { text: string }).text)).toEqual(structuredContent);
  return structuredContent as unknown as Answer;
}

const refused = (code: string) => ({
  isError: true,
  content: [{ type: 'text', text: expect.stringMatching(new RegExp(`^(?!.*${world}).*\\[${code}\\]$`)) }],
  _meta: { 'sandglass/code': code },
});

describe('What a client sees first', () => {
  it('is five tools that only read, each described with what it takes and gives', async () => {
    const client = reader;
    expect(client.getServerVersion()).toMatchObject({ name: 'sandglass' });
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'duplicates',
      'get_item',
      'search_text',
      'similar',
      'status',
    ]);
    for (const { annotations, inputSchema, outputSchema, description } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, destructiveHint: false, openWorldHint: false });
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: 'object' });
      expect(description).toMatch(/\.$/);
    }
  });
});

describe('search_text', () => {
  it('finds documents with the reason and the passage, named by folder and path', async () => {
    const { hits, ...answer } = await ask(reader, 'search_text', {
      text: 'anchor harbour',
      method: 'tfidf',
      limit: 3,
    });
    expect(answer).toMatchObject({ method: 'tfidf', approximate: false, nextOffset: 3 });
    expect(hits).toHaveLength(3);
    for (const { path, reason, passage } of hits) {
      expect(path).toMatch(/^sea\/\d\.txt$/);
      expect(reason).toMatch(/^shares the words (anchor|harbour)/);
      expect(passage).toMatch(/anchor|harbour/);
    }
    expect(JSON.stringify(hits)).not.toContain(world);
  });

  it('gives the same hits page by page as at once', async () => {
    const client = reader;
    const question = { text: 'ship flour knight', method: 'tfidf' };
    const all = await ask(client, 'search_text', { ...question, limit: 100 });
    expect(all.nextOffset).toBeUndefined();
    const paged: unknown[] = [];
    for (let offset: unknown = 0; offset !== undefined; ) {
      const { hits, nextOffset } = await ask(client, 'search_text', { ...question, limit: 4, offset });
      paged.push(...hits);
      offset = nextOffset;
    }
    expect(paged).toEqual(all.hits);
    expect(paged.length).toBeGreaterThan(8);
  });

  it('leaves out what a filter refuses, and says more when it is asked to explain', async () => {
    const { hits } = await ask(reader, 'search_text', {
      text: 'ship flour knight',
      method: 'tfidf',
      glob: ['chess/*'],
      since: '2000-01-01',
      explain: true,
    });
    expect(hits).toHaveLength(4);
    for (const { path, ranks } of hits) {
      expect(path).toMatch(/^chess\//);
      expect(ranks).toMatchObject({ tfidf: expect.any(Number), bm25: expect.any(Number) });
    }
  });
});

describe('similar', () => {
  it('finds what is like an indexed picture, without itself, with thumbnails where they are asked for', async () => {
    const client = reader;
    const { structuredContent, content } = await call(client, 'similar', {
      like: [{ path: '2.png' }],
      method: 'phash',
      limit: 2,
      thumbnails: true,
    });
    const { hits } = structuredContent as unknown as Answer;
    expect(hits.map(({ path, rank }) => [path, rank])).toEqual([
      ['same.png', 1],
      [expect.stringMatching(/png$/), 2],
    ]);
    const images = content.filter(({ type }) => type === 'image') as { data: string; mimeType: string }[];
    expect(images).toHaveLength(2);
    const { format, width } = await sharp(Buffer.from(images[0]!.data, 'base64')).metadata();
    expect([format, width]).toEqual(['jpeg', 64]);
  });

  it('takes several examples, and examples of what is not looked for', async () => {
    const { hits } = await ask(reader, 'similar', {
      like: [{ path: 'sea/0.txt' }, { path: 'sea/1.txt' }],
      unlike: [{ path: 'bread/0.txt' }],
      method: 'tfidf',
      limit: 2,
    });
    expect(hits.map(({ path }) => path).sort()).toEqual(['sea/2.txt', 'sea/3.txt']);
  });

  it('reads nothing that is not indexed', async () => {
    const client = reader;
    for (const path of [
      '../../../../etc/passwd',
      '/etc/passwd',
      'sea',
      '.sandglass/catalog.sqlite',
      'broken.png',
      'sea/0.txt\0.png',
      '',
    ]) {
      expect(await call(client, 'similar', { like: [{ path }] })).toMatchObject(refused('FILE_VANISHED'));
      expect(await call(client, 'get_item', { path, thumbnail: true })).toMatchObject(refused('FILE_VANISHED'));
    }
    expect(await call(client, 'get_item', { path: '0.png', folder: 'elsewhere' })).toMatchObject(
      refused('SETTING_INVALID'),
    );
  });
});

describe('get_item', () => {
  it('gives the text of a document in pieces', async () => {
    const client = reader;
    let text = '';
    for (let textOffset: unknown = 0; textOffset !== undefined; ) {
      const piece = await ask(client, 'get_item', { path: 'sea/0.txt', textOffset, textLimit: 50 });
      expect(piece).toMatchObject({ path: 'sea/0.txt', kind: 'text', hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
      text += piece.text;
      textOffset = piece.nextTextOffset;
    }
    expect(text).toMatch(/about sea0$/);
    expect(text.length).toBeGreaterThan(100);
  });

  it('gives facts and a thumbnail of a picture, but none of a document, and none through a link that leads away', async () => {
    const folder = copyOf(world);
    await add(await opened(folder, { create: true }), folder);
    const client = await connected(folder);
    const { content, structuredContent } = await call(client, 'get_item', { path: '1.png', thumbnail: true });
    expect(structuredContent).toMatchObject({ kind: 'image', format: 'png', width: 64, height: 64 });
    expect(content.map(({ type }) => type)).toEqual(['text', 'text', 'image']);
    expect(await call(client, 'get_item', { path: 'sea/0.txt', thumbnail: true })).toMatchObject(
      refused('KIND_UNSUPPORTED'),
    );
    rmSync(join(folder, '1.png'));
    symlinkSync(join(world, '1.png'), join(folder, '1.png'));
    expect(
      await call(client, 'get_item', { path: '1.png', folder: folder.split('/').at(-1), thumbnail: true }),
    ).toMatchObject(refused('OUTSIDE_ROOT'));
  });
});

describe('duplicates', () => {
  it('lists groups with relation, probability, what to keep and why, a page at a time, and tells how far it is', async () => {
    const client = reader;
    const told: string[] = [];
    const { structuredContent } = await client.callTool(
      { name: 'duplicates', arguments: { kind: 'image', limit: 1 } },
      undefined,
      {
        onprogress: ({ message }) => told.push(message!),
      },
    );
    expect(structuredContent).toMatchObject({
      groupCount: 1,
      groups: [{ kind: 'image', reason: expect.any(String), copies: [{ relation: 'identical', probability: 1 }] }],
    });
    const [group] = structuredContent!['groups' as never] as { keep: { path: string }; copies: { path: string }[] }[];
    expect([group!.keep.path, group!.copies[0]!.path].sort()).toEqual(['2.png', 'same.png']);
    expect(told.join()).toMatch(/image: propose/);
    expect(await ask(client, 'duplicates', { kind: 'image', offset: 1 })).toMatchObject({ groups: [], groupCount: 1 });
  });
});

describe('status', () => {
  it('tells what is indexed, and what could not be read and why', async () => {
    const client = reader;
    const status = await ask(client, 'status', { failures: true });
    expect(status).toMatchObject({
      items: { text: 13, image: 5, failed: 1 },
      folders: [{ state: 'online', items: 18 }],
      defaults: { text: { method: expect.any(String) } },
      failures: [{ path: 'broken.png', code: 'IMAGE_BROKEN' }],
    });
    expect(JSON.stringify(status)).not.toContain(world);
    expect((await ask(client, 'status')).failures).toBeUndefined();
  });
});

describe('What goes wrong', () => {
  it('is the result of the tool, with the code of the library', async () => {
    const client = reader;
    expect(await call(client, 'search_text', { text: 'ship', method: 'magic' })).toMatchObject(
      refused('METHOD_UNKNOWN'),
    );
    expect(await call(client, 'search_text', { text: '?!' })).toMatchObject(refused('QUERY_EMPTY'));
    expect(await call(client, 'similar', { like: [{ path: '1.png' }, { path: 'sea/1.txt' }] })).toMatchObject(
      refused('METHOD_UNAVAILABLE'),
    );
    for (const wrong of [
      {},
      { text: '' },
      { text: 'ship', limit: 0 },
      { text: 'ship', limit: 101 },
      { text: 'ship', since: 'soon' },
      { text: 'ship', file: '/etc/passwd' },
    ])
      expect(await call(client, 'search_text', wrong)).toMatchObject({
        isError: true,
        content: [{ text: expect.stringMatching(/Input validation error/) }],
      });
  });

  it('does not end the server: an index that is made later is found, and what is indexed later too', async () => {
    const folder = temporaryFolder();
    const client = await connected(folder);
    expect(await call(client, 'status')).toMatchObject(refused('INDEX_MISSING'));
    documents(2, folder);
    const index = await indexed(folder);
    expect((await ask(client, 'search_text', { text: 'anchor', method: 'tfidf' })).hits.length).toBeGreaterThan(0);
    write(folder, 'new.txt', 'a zeppelin over the anchor');
    await add(index, folder);
    expect(
      (await ask(client, 'search_text', { text: 'zeppelin', method: 'tfidf' })).hits.map(({ path }) => path),
    ).toEqual(['new.txt']);
    await index.close();
  });

  it('finds another index that was put in the place of the one it had open', async () => {
    const folder = copyOf(documents(2));
    await (await indexed(folder)).close();
    const client = await connected(folder);
    expect(await ask(client, 'status')).toMatchObject({ items: { text: 6 } });
    renameSync(join(folder, '.sandglass'), join(folder, 'old'));
    rmSync(join(folder, 'old'), { recursive: true });
    rmSync(join(folder, 'sea'), { recursive: true });
    await (await indexed(folder)).close();
    expect(await ask(client, 'status')).toMatchObject({ items: { text: 4 } });
  });
});

describe('Two folders of one name', () => {
  it('are told apart by a number, which a question needs', async () => {
    const top = temporaryFolder();
    const [a, b] = [join(top, 'a/notes'), join(top, 'b/notes')];
    write(a, 'x.txt', 'anchor and sail');
    write(b, 'x.txt', 'flour and oven');
    const index = await opened(join(top, 'index'), { create: true });
    await add(index, [a, b]);
    await index.close();
    const client = await connected(join(top, 'index'));
    const { folders } = (await ask(client, 'status')) as unknown as { folders: { folder: string }[] };
    expect(folders.map(({ folder }) => folder).sort()).toEqual(['notes', 'notes (2)']);
    expect(await call(client, 'get_item', { path: 'x.txt' })).toMatchObject(refused('SETTING_INVALID'));
    const [{ folder }] = (await ask(client, 'search_text', { text: 'oven', method: 'bow' })).hits as never as [
      { folder: string },
    ];
    expect(await ask(client, 'get_item', { path: 'x.txt', folder })).toMatchObject({ text: 'flour and oven' });
  });
});

describe('The process', () => {
  const messages = (...all: object[]) => all.map((one) => `${JSON.stringify({ jsonrpc: '2.0', ...one })}\n`).join('');
  const HELLO = {
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  };

  it('prints nothing but the protocol, answers what it was asked before its input ended, and ends well', () => {
    const search = { name: 'search_text', arguments: { text: 'ship' } };
    const { code, out } = sandglass(['mcp', '--index', world], {
      input: messages(HELLO, { method: 'notifications/initialized' }, { id: 2, method: 'tools/call', params: search }),
    });
    expect(code).toBe(0);
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; jsonrpc: string });
    expect(lines.map(({ id, jsonrpc }) => [id, jsonrpc])).toEqual([
      [1, '2.0'],
      [2, '2.0'],
    ]);
  });

  it('goes on after a line that is no message', () => {
    const { code, out } = sandglass(['mcp', '--index', world], { input: `{"no\n${messages(HELLO)}` });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: 1, result: { serverInfo: { name: 'sandglass' } } });
  });
});
