// Questions, and what is found.
import { z } from 'zod';
import { byName, DOCUMENT_FACTS, flagAsked, itemId, kind, list, pair, pattern, patternsAsked, Span } from './common.ts';

const MOST_HITS = 1_000;

const SETTINGS = {
  method: z.string().max(200).optional().describe('auto, or a method by its name; the status lists those there are.'),
  k: z.coerce.number().int().min(1).max(MOST_HITS).default(24).describe('How many hits at most.'),
  minScore: z.coerce.number().optional().describe('Only hits with at least this score.'),
  kind: kind.optional().describe('Must be that of the question.'),
};

export const Question = z
  .strictObject({
    text: z.string().min(1).max(100_000).optional(),
    item: itemId.optional(),
    ...SETTINGS,
    glob: z.array(pattern).max(100).optional(),
    explain: z.boolean().default(false).describe('Say why each hit is alike: takes several times as long.'),
  })
  .refine(({ text, item }) => (text === undefined) !== (item === undefined), 'Expected either text or item.');

/** A file that is only looked at. */
export const FileQuestion = z.strictObject({
  name: z.string().min(1).max(255).default('file').describe('How the file is called: helps to tell what it is.'),
  ...SETTINGS,
  glob: patternsAsked.optional(),
  explain: flagAsked.default(false),
});

export const Explanation = z.object({
  sharedWords: list(
    z.object({
      word: z.string(),
      term: z.string(),
      counts: pair,
      weight: z.number(),
    }),
  ).optional(),
  decodedWords: list(z.string()).optional(),
  differingBits: z.number().optional(),
  bits: z.number().optional(),
  measure: z.string().optional(),
  ranks: byName(z.number()).describe('The rank of the item by every method that finds anything in it, from 1.'),
});
export type Explanation = z.infer<typeof Explanation>;

export const Hit = z.object({
  id: z.number(),
  rank: z.number(),
  path: z.string(),
  kind,
  score: z.number(),
  distance: z.number(),
  ...DOCUMENT_FACTS,
  passage: Span.extend({ text: z.string(), highlights: list(Span) }).optional(),
  frames: z.number().optional(),
  frame: z.number().optional(),
  partial: z.literal(true).optional(),
  offline: z.literal(true).optional(),
  explanation: Explanation.optional(),
});
export type Hit = z.infer<typeof Hit>;

export const Answer = z.object({
  schema: z.literal(1),
  kind,
  method: z.string(),
  approximate: z.boolean().describe('True when a graph was asked that may miss a hit.'),
  items: z.number().describe('How many items were ranked.'),
  hits: list(Hit),
  notes: list(z.string()),
});
export type Answer = z.infer<typeof Answer>;
