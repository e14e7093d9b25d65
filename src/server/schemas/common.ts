// What several routes speak of. This folder holds the shapes of requests and answers and nothing else: they validate, they are
// the OpenAPI document, and they are the types of the page.
import { z } from 'zod';

/** A list as the library gives it. */
export const list = <T extends z.ZodType>(of: T) => z.array(of).readonly();

/** Two numbers. Not a tuple: what makes the OpenAPI document writes those as an earlier JSON Schema did. */
export const pair = z.array(z.number()).length(2).readonly();

export const byName = <T extends z.ZodType>(of: T) => z.record(z.string(), of).readonly();

export const itemId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe('The number of an item.');

export const ById = z.strictObject({ id: itemId });

export const kind = z.enum(['text', 'image']);
export type Kind = z.infer<typeof kind>;

export const pattern = z.string().min(1).max(1_000).describe('Of paths: * ** ? [] {}; with ! before it leaves out.');

/** Asked in an address, a list of one is that one. */
export const patternsAsked = z.union([pattern.transform((one) => [one]), z.array(pattern).max(100)]);

export const flagAsked = z.enum(['true', 'false']).transform((flag) => flag === 'true');

export const Span = z.object({ start: z.number(), end: z.number() }).describe('In UTF-16 code units.');
export type Span = z.infer<typeof Span>;

export const DOCUMENT_FACTS = {
  title: z.string().optional(),
  author: z.string().optional(),
  date: z.string().optional().describe('ISO 8601, as precise as the document says.'),
  language: z.string().optional().describe('ISO 639; und when it cannot be told.'),
  pages: z.number().optional(),
  words: z.number().optional(),
  snippet: z.string().optional().describe('The beginning of the document.'),
};

const ErrorBody = z
  .object({ error: z.object({ code: z.string(), message: z.string() }) })
  .describe('What went wrong: a code that stays, and a sentence.');

/** The answers of every route that are none. */
export const ERRORS = { '4xx': ErrorBody, '5xx': ErrorBody } as const;

/** Bytes, sent as they are. */
export const bytes = z.instanceof(Uint8Array, { error: 'Expected the bytes of a file.' }).meta({
  type: 'string',
  format: 'binary',
});
