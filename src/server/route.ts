// What the routes are given: a server whose requests and answers are typed by their schemas, and the index.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Sandglass } from '../sandglass.ts';

export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export interface Context {
  /** Runs one request with the index, as it is now; so many at once, more are told to come back. */
  use<T>(work: (index: Sandglass) => Promise<T> | T): Promise<T>;
}

/** Adds the routes of one room below /api/v1. */
export type Routes = (server: Server, context: Context) => void;

/** Bytes of a request with JSON, and of a file that is asked with. */
export const MOST_JSON = 1 << 20;
export const MOST_UPLOAD = 64 * (1 << 20);
