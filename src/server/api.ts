// The API below /api/v1: every route is checked by its schemas, in and out, and described by them in /api/v1/openapi.json.
import fastifySwagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Context, Routes } from './route.ts';
import { itemRoutes } from './routes/items.ts';
import { queryRoutes } from './routes/query.ts';
import { statusRoutes } from './routes/status.ts';

const ROOMS: readonly Routes[] = [queryRoutes, itemRoutes, statusRoutes];

export async function addApi(server: FastifyInstance, context: Context, version: string): Promise<void> {
  await server.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Sandglass', version, description: 'Similar documents and pictures of one index.' },
    },
    transform: jsonSchemaTransform,
  });
  // Forms may send text/plain from anywhere.
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser('application/octet-stream', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
  await server.register(
    async (api) => {
      api.setValidatorCompiler(validatorCompiler);
      api.setSerializerCompiler(serializerCompiler);
      const typed = api.withTypeProvider<ZodTypeProvider>();
      for (const add of ROOMS) add(typed, context);
      api.get('/openapi.json', { schema: { hide: true } }, () => server.swagger());
    },
    { prefix: '/api/v1' },
  );
}
