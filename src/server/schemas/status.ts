// What is in the index, and what answers.
import { z } from 'zod';
import { byName, kind, list, pair } from './common.ts';

const Verdict = z
  .object({
    winner: z.string(),
    loser: z.string().optional(),
    reason: z.enum(['encoder-wins', 'encoder-loses', 'tie', 'too-few', 'no-opponent']),
    heldOutItems: z.number(),
    queries: z.number(),
    encoderMrr: z.number().optional(),
    plainMrr: z.number().optional(),
    difference: z.number().optional(),
    interval: pair.optional(),
    sentence: z.string(),
  })
  .describe('The check by which the method was chosen: mean reciprocal ranks, and the interval of their difference.');

const DefaultMethod = z.object({
  method: z.string(),
  sentence: z.string(),
  verdict: Verdict.optional(),
  encoder: z.string().optional(),
  imported: list(z.string()).optional(),
  verdicts: byName(Verdict).optional(),
});

const DriftFigures = z.object({ documents: z.number(), unknownWords: z.number(), loss: z.number() });

export const Status = z.object({
  schema: z.literal(1),
  directory: z.string(),
  items: z.object({ text: z.number(), image: z.number(), failed: z.number() }),
  languages: byName(z.number()),
  passages: z.number(),
  frames: z.object({ kept: z.enum(['first', 'all']), pictures: z.number(), inner: z.number() }),
  partial: z.number(),
  roots: list(
    z.object({
      path: z.string(),
      state: z.enum(['online', 'offline']),
      items: z.number(),
      keptOut: list(z.string()).optional(),
    }),
  ),
  encoders: list(
    z.object({
      method: z.string(),
      kind,
      state: z.string(),
      fingerprint: z.string(),
      form: z.string(),
      dimensions: z.number(),
      codes: z.number(),
      trainedOn: z.number().optional(),
      addedSince: z.number().optional(),
      compared: z
        .object({
          form: z.string(),
          bytes: z.number(),
          floatBytes: z.number(),
          recall: z.number().optional(),
        })
        .optional(),
    }),
  ),
  defaults: z.object({ text: DefaultMethod.optional(), image: DefaultMethod.optional() }),
  drift: z
    .object({ trained: DriftFigures, heldOut: DriftFigures, added: DriftFigures, advice: z.string().optional() })
    .optional(),
  graphs: list(z.string()),
  bytes: z.number(),
  advice: list(z.string()),
});
export type Status = z.infer<typeof Status>;
