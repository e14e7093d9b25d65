// Who may ask: programs and the page of this machine, by the names it was started with; nobody who was sent here by another page.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { answer, type ErrorAnswer } from './answers.ts';

export interface GuardOptions {
  readonly host: string;
  readonly port: number;
  /** Asked for wherever others than this machine can reach the server. */
  readonly token?: string | undefined;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/** Listening there is listening at all addresses of the machine. */
const EVERY_ADDRESS: ReadonlySet<string> = new Set(['0.0.0.0', '::', '[::]']);

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host);
}

export const COOKIE = 'sandglass';

/**
 * Why a request is refused; undefined when it may go on. A page of another site that had its name pointed to this machine (DNS
 * rebinding) asks for its own name in `Host`; one that sends a form or fetches says so in `Origin` or `Sec-Fetch-Site`.
 */
export function refusal({ headers }: IncomingMessage, { host, port, token }: GuardOptions): ErrorAnswer | undefined {
  const names = isLoopback(host) ? ['127.0.0.1', 'localhost', '[::1]'] : [host.includes(':') ? `[${host}]` : host];
  const allowed = names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  const asked = headers.host?.toLowerCase();
  // At every address of the machine it has names that it does not know; a page that was pointed here has no token for its own name.
  const anyName = EVERY_ADDRESS.has(host) && token !== undefined;
  if (asked === undefined || !(anyName || allowed.includes(asked)))
    return answer(421, 'HOST_REFUSED', `Expected a request to ${allowed.join(' or ')}.`);
  const { origin } = headers;
  const foreign = origin !== undefined && origin.toLowerCase() !== `http://${asked}`;
  const site = headers['sec-fetch-site'];
  if (foreign || site === 'cross-site' || site === 'same-site')
    return answer(403, 'ORIGIN_REFUSED', 'Pages of other sites may not ask this server.');
  if (token !== undefined && !isToken(tokenOf(headers), token))
    return answer(
      401,
      'TOKEN_MISSING',
      'Expected the token that the server was started with: Authorization: Bearer ….',
    );
  return undefined;
}

function tokenOf({ authorization, cookie }: IncomingMessage['headers']): string {
  const bearer = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  const kept = (cookie ?? '')
    .split(/;\s*/)
    .find((each) => each.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
  return bearer ?? kept ?? '';
}

/** In the same time for every wrong token of a length. */
export function isToken(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Of every answer: only what this server sends is shown or run, nothing may frame it or guess at types. */
export const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};
