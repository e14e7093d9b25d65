// What is like this?
import { present } from '../../present.ts';
import type { QueryResult, Sandglass } from '../../sandglass.ts';
import { MOST_JSON, MOST_UPLOAD, type Routes } from '../route.ts';
import { bytes, ERRORS } from '../schemas/common.ts';
import { Answer, FileQuestion, Question } from '../schemas/query.ts';

export const queryRoutes: Routes = (server, { use }) => {
  server.post(
    '/query',
    {
      bodyLimit: MOST_JSON,
      schema: {
        tags: ['search'],
        summary: 'What is like these words, or like this item?',
        body: Question,
        response: { 200: Answer, ...ERRORS },
      },
    },
    ({ body: { text, item, explain, ...settings } }) =>
      use(async (index) => {
        const input = item === undefined ? { text: text! } : { file: index.itemPath(item) };
        return withIds(index, await index.query(input, { ...present(settings), explain }));
      }),
  );

  server.post(
    '/query/upload',
    {
      bodyLimit: MOST_UPLOAD,
      schema: {
        tags: ['search'],
        summary: 'What is like this file? Its bytes are the body; they are looked at and not kept.',
        consumes: ['application/octet-stream'],
        querystring: FileQuestion,
        body: bytes,
        response: { 200: Answer, ...ERRORS },
      },
    },
    ({ body, query: { name, ...settings } }) =>
      use(async (index) => withIds(index, await index.query({ bytes: body, name }, present(settings)))),
  );
};

function withIds(index: Sandglass, { query: _, examples: __, ...answer }: QueryResult) {
  return { ...answer, hits: answer.hits.map((hit) => ({ id: index.itemId(hit.path), ...hit })) };
}
