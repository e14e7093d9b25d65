// The page and the HTTP API, on one address of this machine, until the signal is raised.
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import fastify from 'fastify';
import type { Sandglass } from '../sandglass.ts';
import { SharedIndex } from '../shared-index.ts';
import { answer, errorAnswer } from './answers.ts';
import { addApi } from './api.ts';
import { COOKIE, HEADERS, isToken, refusal } from './guard.ts';

export interface ServeOptions {
  /** Opens the index, read-only; called when it is asked first, and again after it failed. */
  open(): Promise<Sandglass>;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly token?: string | undefined;
  /** Of the program. */
  readonly version: string;
  /** Ends the server; what it answers is finished before. */
  readonly signal: AbortSignal;
  /** Where the page is, once it can be asked. */
  ready(address: string): void;
  /** A word to the user. */
  notice(text: string): void;
}

const PAGE = fileURLToPath(new URL('../web', import.meta.url));
/** Requests that are answered at the same time; more are told to come back. */
const MOST_AT_ONCE = 16;
const HEADERS_MILLISECONDS = 10_000;
const REQUEST_MILLISECONDS = 60_000;

/** @throws {NodeJS.ErrnoException} EADDRINUSE, EACCES, EADDRNOTAVAIL from listening */
export async function serveHttp({
  open,
  host,
  port,
  token,
  version,
  signal,
  ready,
  notice,
}: ServeOptions): Promise<void> {
  const shared = new SharedIndex(open);
  const server = fastify({
    requestTimeout: REQUEST_MILLISECONDS,
    // Who sends a header letter by letter is cut off.
    http: { headersTimeout: HEADERS_MILLISECONDS, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 100 },
  });
  let listening = port;
  let running = 0;
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    const url = new URL(request.url, 'http://localhost');
    const given = url.searchParams.get('token');
    if (token !== undefined && given !== null && url.pathname === '/' && isToken(given, token)) {
      // From then on the page has it, and it stands in no address.
      return reply.header('set-cookie', `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/`).redirect('/');
    }
    const refused = refusal(request.raw, { host, port: listening, token });
    if (refused) return reply.code(refused.status).send(refused.body);
  });
  server.setErrorHandler((error, _, reply) => {
    const { status, body } = errorAnswer(error);
    if (body.error.code === 'INTERNAL') notice(`serve: ${(error as Error).stack ?? String(error)}`);
    return reply.code(status).send(body);
  });
  server.setNotFoundHandler((_, reply) => {
    const { status, body } = answer(404, 'NOT_FOUND', 'There is nothing at this address.');
    return reply.code(status).send(body);
  });
  server.get('/health', () => ({ ok: true }));
  await addApi(
    server,
    {
      async use(work) {
        if (running >= MOST_AT_ONCE) throw Object.assign(new Error('Too many questions at once.'), { statusCode: 429 });
        running++;
        try {
          return await shared.use(async (index) => work(index));
        } finally {
          running--;
        }
      },
    },
    version,
  );
  if (existsSync(PAGE)) await server.register(fastifyStatic, { root: PAGE, dotfiles: 'deny' });
  else notice('serve: the page was not built (npm run build); there is the API alone.');

  const stopped = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  try {
    await server.listen({ host, port });
    listening = (server.server.address() as AddressInfo).port;
    ready(`http://${host.includes(':') ? `[${host}]` : host}:${listening}/`);
    await stopped;
  } finally {
    await server.close();
    await shared.close();
  }
}
