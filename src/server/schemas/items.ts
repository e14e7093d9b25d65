// One indexed file, and those that could not be read.
import { z } from 'zod';
import { DOCUMENT_FACTS, kind, list } from './common.ts';

export const Item = z.object({
  id: z.number(),
  path: z.string(),
  kind,
  format: z.string(),
  size: z.number().describe('Bytes.'),
  modified: z.string(),
  indexed: z.string(),
  hash: z.string().describe('SHA-256 of the content.'),
  ...DOCUMENT_FACTS,
  characters: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  frames: z.number().optional(),
  partial: z.literal(true).optional(),
  text: z.string().optional().describe('Of a document.'),
});
export type Item = z.infer<typeof Item>;

export const PreviewSize = z.strictObject({
  size: z.coerce.number().int().min(16).max(1_280).default(160).describe('Pixels of the longer side at most.'),
});

export const Failures = z.object({
  failures: list(z.object({ path: z.string(), code: z.string(), message: z.string(), at: z.string() })),
});
export type Failures = z.infer<typeof Failures>;
