// What the page asks of the server, and the parts of its answers that it shows: the one place that knows the routes.
import { get, post, upload, url } from './api.ts';

export type Kind = 'text' | 'image';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Hit {
  /** Of the item, in every route. */
  readonly id: number;
  readonly rank: number;
  readonly path: string;
  readonly kind: Kind;
  readonly score: number;
  readonly title?: string;
  readonly language?: string;
  readonly snippet?: string;
  readonly passage?: { readonly text: string; readonly highlights: readonly Span[] };
  readonly frame?: number;
  readonly partial?: boolean;
  readonly offline?: boolean;
  readonly explanation?: Explanation;
}

/** Why a hit is alike. */
export interface Explanation {
  readonly sharedWords?: readonly { readonly word: string }[];
  readonly decodedWords?: readonly string[];
  readonly differingBits?: number;
  readonly bits?: number;
  readonly measure?: string;
  readonly ranks: Readonly<Record<string, number>>;
}

export interface Answer {
  readonly kind: Kind;
  readonly method: string;
  readonly approximate: boolean;
  readonly items: number;
  readonly hits: readonly Hit[];
  readonly notes: readonly string[];
}

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

export interface Item {
  readonly id: number;
  readonly path: string;
  readonly kind: Kind;
  readonly title?: string;
  readonly text?: string;
  readonly width?: number;
  readonly height?: number;
  readonly words?: number;
}

export const item = (id: number, signal: AbortSignal): Promise<Item> => get(`/items/${id}`, {}, signal);

export const thumbnail = (id: number): string => url(`/items/${id}/thumbnail`);

export interface Status {
  readonly items: { readonly text: number; readonly image: number; readonly failed: number };
  readonly languages: Readonly<Record<string, number>>;
  readonly passages: number;
  readonly partial: number;
  readonly roots: readonly { readonly path: string; readonly state: 'online' | 'offline'; readonly items: number }[];
  readonly encoders: readonly {
    readonly method: string;
    readonly kind: Kind;
    readonly state: string;
    readonly fingerprint: string;
    readonly form: string;
    readonly dimensions: number;
    readonly codes: number;
    readonly trainedOn?: number;
  }[];
  readonly defaults: Readonly<Partial<Record<Kind, { readonly method: string; readonly sentence: string }>>>;
  readonly graphs: readonly string[];
  readonly bytes: number;
  readonly advice: readonly string[];
}

export const status = (signal?: AbortSignal): Promise<Status> => get('/status', {}, signal);

export interface Failures {
  readonly failures: readonly {
    readonly path: string;
    readonly code: string;
    readonly message: string;
    readonly at: string;
  }[];
}

export const failures = (signal: AbortSignal): Promise<Failures> => get('/failures', {}, signal);
