// `sandglass serve` over HTTP: what it answers, and whom it refuses.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { sandglass } from '../cli/command.ts';
import { cleanUp, documents, indexed, pictures } from '../library/collection.ts';
import { serving } from './serving.ts';

let world: string;
let server: Awaited<ReturnType<typeof serving>>;

beforeAll(async () => {
  world = await pictures(4, documents(4));
  await (await indexed(world)).close();
  server = await serving(world);
});
afterAll(async () => {
  await server.stop();
  await cleanUp();
});

const find = async (input: object) => (await server.post('/api/v1/query', input)).json();

describe('the API', () => {
  it('tells that it runs, what is indexed, and what could not be read', async () => {
    expect((await server.ask('/health')).json()).toEqual({ ok: true });
    const status = (await server.ask('/api/v1/status')).json();
    expect(status.items.image).toBe(4);
    expect((await server.ask('/api/v1/failures')).json()).toEqual({ failures: [] });
  });

  it('answers words with hits that have an id, and the item of that id', async () => {
    const { hits } = await find({ text: 'flour', k: 3, explain: true });
    expect(hits.length).toBeGreaterThan(0);
    const item = (await server.ask(`/api/v1/items/${hits[0].id}`)).json();
    expect(item).toMatchObject({ id: hits[0].id, path: hits[0].path, kind: 'text' });
    expect(item.text).toContain('flour');
  });

  it('finds a picture by its number and by its bytes', async () => {
    const { id, path } = await server.anyPicture();
    expect((await find({ item: id, k: 1 })).hits[0]).toMatchObject({ id, score: 1 });
    const uploaded = await server.upload('/api/v1/query/upload?name=mine.png&k=1&explain=true', readFileSync(path));
    expect(uploaded.json().hits[0]).toMatchObject({ id, rank: 1 });
  });

  it('draws thumbnails of pictures, and of nothing else', async () => {
    const { id } = await server.anyPicture();
    const drawn = await server.ask(`/api/v1/items/${id}/thumbnail`);
    expect(drawn.headers['content-type']).toBe('image/jpeg');
    expect(drawn.body.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const small = await server.ask(`/api/v1/items/${id}/thumbnail?size=16`);
    const { width = 0, height = 0 } = await sharp(small.body).metadata();
    expect(Math.max(width, height)).toBe(16);
    expect((await server.ask(`/api/v1/items/${id}/thumbnail?size=100000`)).status).toBe(400);
    const { hits } = await find({ text: 'flour', k: 1 });
    expect((await server.ask(`/api/v1/items/${hits[0].id}/thumbnail`)).status).toBe(415);
  });

  it.each([
    ['nothing asked', {}],
    ['two questions', { text: 'a', item: 1 }],
    ['an unknown setting', { text: 'a', colour: 'red' }],
    ['a path', { file: '/etc/passwd' }],
    ['no hits wanted', { text: 'a', k: 0 }],
    ['an endless number of hits', { text: 'a', k: 1e9 }],
    ['a list', []],
  ])('refuses %s as a mistake in the request', async (_, body) => {
    const answer = await server.post('/api/v1/query', body);
    expect(answer.status).toBe(400);
    expect(answer.json().error.code).toBe('REQUEST_INVALID');
  });

  it('says with the codes of the library what cannot be answered', async () => {
    expect((await server.ask('/api/v1/items/99999')).json().error.code).toBe('FILE_VANISHED');
    expect(await find({ text: '…' })).toMatchObject({ error: { code: 'QUERY_EMPTY' } });
    expect(await find({ text: 'flour', method: 'magic' })).toMatchObject({ error: { code: 'METHOD_UNKNOWN' } });
    const pdf = await server.upload('/api/v1/query/upload?name=a.pdf', Buffer.from('%PDF-1.7\n'));
    expect([pdf.status, pdf.json().error.code]).toEqual([415, 'KIND_UNSUPPORTED']);
  });

  it('refuses JSON that is none, and bytes that are no file', async () => {
    const headers = { 'content-type': 'application/json' };
    const broken = await server.ask('/api/v1/query', { method: 'POST', headers, body: '{bad' });
    expect(broken.status).toBe(400);
    expect((await server.upload('/api/v1/query/upload', Buffer.from([0, 1, 2, 3]))).status).toBe(415);
  });
});

describe('what it says of itself', () => {
  it('describes every route by the schemas that check it', async () => {
    const { openapi, paths } = (await server.ask('/api/v1/openapi.json')).json();
    expect(openapi).toMatch(/^3\.1/);
    expect(Object.keys(paths).sort()).toEqual([
      '/api/v1/failures',
      '/api/v1/items/{id}',
      '/api/v1/items/{id}/thumbnail',
      '/api/v1/query',
      '/api/v1/query/upload',
      '/api/v1/status',
    ]);
    expect(paths['/api/v1/query'].post.requestBody.content['application/json'].schema.properties.k.maximum).toBe(1000);
  });
});

describe('whom it refuses', () => {
  it('a page that points its own name to this machine', async () => {
    const answer = await server.ask('/api/v1/status', { headers: { host: `evil.example:${server.port}` } });
    expect([answer.status, answer.json().error.code]).toEqual([421, 'HOST_REFUSED']);
    expect((await server.ask('/', { headers: { host: 'evil.example' } })).status).toBe(421);
  });

  it.each([
    [{ origin: 'http://evil.example' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('pages of other sites: %j', async (headers) => {
    const answer = await server.ask('/api/v1/status', { headers: { ...headers } });
    expect([answer.status, answer.json().error.code]).toEqual([403, 'ORIGIN_REFUSED']);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'forms, which need no leave to be sent: %s',
    async (type) => {
      const headers = { 'content-type': type };
      expect((await server.ask('/api/v1/query', { method: 'POST', headers, body: '{"text":"a"}' })).status).toBe(415);
    },
  );

  it.each([
    '/../../../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/..%252f..%252fetc/passwd',
    '/..\\..\\etc\\passwd',
    '/assets/..%00/index.html',
    '/%c0%ae%c0%ae/etc/passwd',
    '/api/v1/items/..%2f1/thumbnail',
    '/api/v1/items/1%00/thumbnail',
    '//etc/passwd',
  ])('a way out of the page: %s', async (path) => {
    const answer = await server.ask(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.text).not.toContain('root:');
  });

  it('more bytes than it looks at, and pictures of more pixels', async () => {
    const large = await server.upload('/api/v1/query/upload', Buffer.alloc(100_000_000)).catch(() => undefined);
    expect(large?.status ?? 413).toBe(413);
    const bomb = Buffer.from(
      '89504e470d0a1a0a0000000d494844520000ea600000ea600802000000', // 60,000 × 60,000
      'hex',
    );
    const answer = await server.upload('/api/v1/query/upload?name=bomb.png', bomb);
    expect([413, 422]).toContain(answer.status);
    expect((await server.ask('/health')).status).toBe(200);
  });

  it('who sends a header letter by letter', async () => {
    const closed = await new Promise<boolean>((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: '));
      const slowly = setInterval(() => socket.write('a'), 500);
      socket.on('data', () => {}).on('error', () => {});
      socket.on('close', () => {
        clearInterval(slowly);
        resolve(true);
      });
    });
    expect(closed).toBe(true);
  }, 30_000);

  it('scripts and frames of others: every answer has its policy', async () => {
    for (const path of ['/', '/api/v1/status', '/nothing']) {
      const { headers } = await server.ask(path);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'.*frame-ancestors 'none'/);
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await server.ask('/')).text).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=/);
  });
});

describe('tokens and addresses', () => {
  const TOKEN = 'a-token-of-some-length';

  it('takes a token for other addresses than this machine', () => {
    const { code, err } = sandglass(['serve', '--index', world, '--host', '0.0.0.0']);
    expect([code, err]).toEqual([2, expect.stringContaining('--token')]);
    expect(sandglass(['serve', '--index', world, '--token', 'short']).code).toBe(2);
  });

  it('answers those who know the token, in a header or by the cookie of the page', async () => {
    const guarded = await serving(world, '--token', TOKEN);
    expect(guarded.address).toContain(TOKEN);
    expect((await guarded.ask('/api/v1/status')).status).toBe(401);
    expect((await guarded.ask('/?token=a-token-of-some-lengthX')).status).toBe(401);
    expect((await guarded.ask('/api/v1/status', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
    const first = await guarded.ask(`/?token=${TOKEN}`);
    const cookie = String(first.headers['set-cookie']);
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await guarded.ask('/api/v1/status', { headers: { cookie: cookie.split(';')[0]! } })).status).toBe(200);
    await guarded.stop();
  });

  it('answers by any name at all addresses of the machine, to those who know the token', async () => {
    const open = await serving(world, '--host', '0.0.0.0', '--token', TOKEN);
    const host = `photos.example:${open.port}`;
    expect((await open.ask('/api/v1/status', { headers: { host } })).status).toBe(401);
    const authorization = `Bearer ${TOKEN}`;
    expect((await open.ask('/api/v1/status', { headers: { host, authorization } })).status).toBe(200);
    const foreign = { host, authorization, origin: 'http://evil.example' };
    expect((await open.ask('/api/v1/status', { headers: foreign })).status).toBe(403);
    await open.stop();
  });

  it('says that a port is taken', () => {
    const { code, err } = sandglass(['serve', '--index', world, '--port', String(server.port)]);
    expect([code, err]).toEqual([2, expect.stringContaining('Another program listens')]);
  });

  it('ends when it is told to', async () => {
    const other = await serving(world);
    await other.ask('/health');
    expect(await other.stop()).toMatchObject({ signal: null });
  });

  it('waits for an index', async () => {
    const none = await serving(join(world, 'nothing'));
    expect((await none.ask('/api/v1/status')).json().error.code).toBe('INDEX_MISSING');
    await none.stop();
  });
});
