// Indexed files by their number, and those that could not be read.
import type { Routes } from '../route.ts';
import { ById, bytes, ERRORS } from '../schemas/common.ts';
import { Failures, Item, PreviewSize } from '../schemas/items.ts';

const tags = ['items'];

export const itemRoutes: Routes = (server, { use }) => {
  server.get(
    '/items/:id',
    { schema: { tags, summary: 'What is known of an item.', params: ById, response: { 200: Item, ...ERRORS } } },
    ({ params: { id } }) =>
      use((index) => {
        const path = index.itemPath(id);
        const text = index.itemText(path);
        return { id, ...index.item(path), ...(text === undefined ? {} : { text }) };
      }),
  );

  server.get(
    '/items/:id/thumbnail',
    {
      schema: {
        tags,
        summary: 'A small JPEG of a picture.',
        params: ById,
        querystring: PreviewSize,
        response: { 200: { description: 'JPEG', content: { 'image/jpeg': { schema: bytes } } }, ...ERRORS },
      },
    },
    ({ params: { id }, query: { size } }, reply) =>
      use(async (index) => {
        const picture = await index.itemPreview(index.itemPath(id), size);
        return reply.header('cache-control', 'private, max-age=60').type('image/jpeg').send(Buffer.from(picture));
      }),
  );

  server.get(
    '/failures',
    { schema: { tags, summary: 'Files that could not be read.', response: { 200: Failures, ...ERRORS } } },
    () => use((index) => ({ failures: index.failures() })),
  );
};
