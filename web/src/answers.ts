// What the page asks of the server: the one place that knows the routes. What comes back has the types of the server's schemas.
import type { Kind } from '../../src/server/schemas/common.ts';
import type { Failures, Item } from '../../src/server/schemas/items.ts';
import type { Answer, Explanation, Hit } from '../../src/server/schemas/query.ts';
import type { Status } from '../../src/server/schemas/status.ts';
import { get, post, upload, url } from './api.ts';

export type { Kind, Span } from '../../src/server/schemas/common.ts';
export type { Failures, Item } from '../../src/server/schemas/items.ts';
export type { Answer, Explanation, Hit } from '../../src/server/schemas/query.ts';
export type { Status } from '../../src/server/schemas/status.ts';

export interface Settings {
  readonly method?: string;
  readonly k?: number;
  readonly minScore?: number;
  readonly kind?: Kind;
  /** Patterns of paths; `!pattern` leaves out. */
  readonly glob?: readonly string[];
}

/** Words, an indexed item, or a file that is only looked at. */
export type Question = { readonly text: string } | { readonly item: number } | { readonly file: File };

/** @throws {ApiError} */
export const ask = (
  question: Question,
  settings: Settings & { readonly explain?: true },
  signal: AbortSignal,
): Promise<Answer> =>
  'file' in question
    ? upload('/query/upload', question.file, { ...settings, name: question.file.name }, signal)
    : post('/query', { ...question, ...settings }, signal);

/**
 * Why a hit is alike. Asks again: reasons are those of every method, which takes several times as long as the answer.
 *
 * @throws {ApiError}
 */
export async function explanation(
  question: Question,
  settings: Settings,
  { id }: Hit,
  signal: AbortSignal,
): Promise<Explanation | undefined> {
  const { hits } = await ask(question, { ...settings, explain: true }, signal);
  return hits.find((hit) => hit.id === id)?.explanation;
}

export const item = (id: number, signal: AbortSignal): Promise<Item> => get(`/items/${id}`, {}, signal);

/** The address of a picture of an item, of `size` pixels at most. */
export const thumbnail = (id: number, size?: number): string => url(`/items/${id}/thumbnail`, { size });

export const status = (signal?: AbortSignal): Promise<Status> => get('/status', {}, signal);

export const failures = (signal: AbortSignal): Promise<Failures> => get('/failures', {}, signal);
