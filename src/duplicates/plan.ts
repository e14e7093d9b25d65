// A plan: which files stay and which go, as JSON that a person reads, and may change, before it is applied.
import { z } from 'zod';
import { SandglassError } from '../errors.ts';
import { RELATIONS } from './relation.ts';

const HASH = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 of 64 hexadecimal digits');

const PLAN = z.object({
  schema: z.literal(1),
  /** The index that the plan is of. */
  index: z.string(),
  /** When it was made, ISO 8601. */
  made: z.string(),
  groups: z.array(
    z.object({
      /** The file that stays. */
      keep: z.object({ path: z.string(), hash: HASH, why: z.string() }),
      /** Files that go; leave one out and it stays. */
      move: z.array(
        z.object({
          path: z.string(),
          hash: HASH,
          /** Bytes. */
          size: z.number(),
          /** What it is to the file that stays. */
          relation: z.enum(RELATIONS as [string, ...string[]]),
          probability: z.number(),
        }),
      ),
      /** Files that stay too, because one should look at them first; put one among those that go if you have. */
      look: z.array(
        z.object({ path: z.string(), hash: HASH, size: z.number(), relation: z.string(), probability: z.number() }),
      ),
    }),
  ),
});

/** What is to be done about groups of duplicates. Paths are absolute. */
export type DuplicatePlan = z.infer<typeof PLAN>;
export type PlannedMove = DuplicatePlan['groups'][number]['move'][number];
export type PlannedKeeper = DuplicatePlan['groups'][number]['keep'];

/**
 * Checks what was read as a plan.
 *
 * @param name what it is called in messages
 * @throws SandglassError PLAN_INVALID with every mistake and its place
 */
export function parsePlan(value: unknown, name: string): DuplicatePlan {
  const { success, data, error } = PLAN.safeParse(value);
  if (success) return data;
  const mistakes = error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw new SandglassError('PLAN_INVALID', `${name} is not a plan: ${mistakes.slice(0, 5).join('; ')}.`);
}
