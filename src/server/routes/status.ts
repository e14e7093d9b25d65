// What is in the index, and what answers.
import type { Routes } from '../route.ts';
import { ERRORS } from '../schemas/common.ts';
import { Status } from '../schemas/status.ts';

export const statusRoutes: Routes = (server, { use }) => {
  server.get(
    '/status',
    {
      schema: {
        tags: ['status'],
        summary: 'What is indexed, and with which encoders.',
        response: { 200: Status, ...ERRORS },
      },
    },
    () => use((index) => index.status()),
  );
};
