// The routes below /api/v1: JSON in, JSON out; files are named by their number in the index, never by a path.
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { present } from '../present.ts';
import type { QueryInput, QueryResult, Sandglass } from '../sandglass.ts';

export interface ApiOptions {
  /** Runs one request with the index. */
  use<T>(work: (index: Sandglass) => Promise<T>): Promise<T>;
}

/** Bytes of a request with JSON, and of a file that is asked with. */
const MOST_JSON = 1 << 20;
const MOST_UPLOAD = 64 * (1 << 20);
const MOST_HITS = 1_000;

const id = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const pattern = z.string().min(1).max(1_000);

const SETTINGS = {
  method: z.string().max(200).optional(),
  k: z.coerce.number().int().min(1).max(MOST_HITS).default(24),
  minScore: z.coerce.number().optional(),
  kind: z.enum(['text', 'image']).optional(),
};

const QUERY = z
  .strictObject({
    text: z.string().min(1).max(100_000).optional(),
    item: id.optional(),
    ...SETTINGS,
    glob: z.array(pattern).max(100).optional(),
    explain: z.boolean().default(false),
  })
  .refine(({ text, item }) => (text === undefined) !== (item === undefined), 'Expected either text or item.');

const UPLOAD = z.strictObject({
  name: z.string().min(1).max(255).default('file'),
  ...SETTINGS,
  glob: z.union([pattern.transform((one) => [one]), z.array(pattern).max(100)]).optional(),
  explain: z.enum(['true', 'false']).default('false'),
});

const BY_ID = z.strictObject({ id });

/** Adds the routes. */
export function addApi(server: FastifyInstance, { use }: ApiOptions): void {
  server.get('/api/v1/status', () => use((index) => index.status()));

  server.get('/api/v1/failures', () => use(async (index) => ({ failures: index.failures() })));

  server.get('/api/v1/items/:id', ({ params }) =>
    use(async (index) => {
      const { id } = BY_ID.parse(params);
      const path = index.itemPath(id);
      const text = index.itemText(path);
      return { id, ...index.item(path), ...(text === undefined ? {} : { text }) };
    }),
  );

  server.get('/api/v1/items/:id/thumbnail', ({ params }, reply) =>
    use(async (index) => {
      const picture = await index.itemPreview(index.itemPath(BY_ID.parse(params).id));
      return reply.header('cache-control', 'private, max-age=60').type('image/jpeg').send(Buffer.from(picture));
    }),
  );

  server.post('/api/v1/query', { bodyLimit: MOST_JSON }, ({ body }) =>
    use(async (index) => {
      const { text, item, explain, ...settings } = QUERY.parse(body);
      const input: QueryInput = item === undefined ? { text: text! } : { file: index.itemPath(item) };
      return withIds(index, await index.query(input, { ...present(settings), explain }));
    }),
  );

  // Forms may send text/plain from anywhere.
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  server.post('/api/v1/query/upload', { bodyLimit: MOST_UPLOAD }, ({ body, query }) =>
    use(async (index) => {
      const { name, explain, ...settings } = UPLOAD.parse(query);
      const bytes = z
        .instanceof(Uint8Array, { error: 'Expected application/octet-stream: the bytes of a file.' })
        .parse(body);
      return withIds(index, await index.query({ bytes, name }, { ...present(settings), explain: explain === 'true' }));
    }),
  );
}

function withIds(index: Sandglass, { query: _, examples: __, ...answer }: QueryResult) {
  return { ...answer, hits: answer.hits.map((hit) => ({ id: index.itemId(hit.path), ...hit })) };
}
