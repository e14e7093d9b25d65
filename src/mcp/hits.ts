// Hits as a client gets them: named by folder and path, each with the reason why it is alike.
import * as z from 'zod';
import type { Hit } from '../sandglass.ts';
import { ADDRESS, type Addresses } from './addresses.ts';
import { FACTS } from './facts.ts';

/** Characters of a passage that are handed on: a model reads many hits. */
const PASSAGE = 1_200;
/** Words that a reason names. */
const WORDS = 8;

export const HIT = z.object({
  rank: z.int().describe('From 1'),
  ...ADDRESS,
  kind: z.enum(['text', 'image']),
  score: z.number().describe('Higher is more alike, 1 is the same; scores of different methods cannot be compared'),
  distance: z.number().describe('In the unit of the method: cosine distance, bits'),
  reason: z.string().describe('Why it is alike, in words'),
  ...FACTS,
  passage: z.string().optional().describe('The part of the document that answers'),
  passageStart: z.int().optional().describe('Where it begins in the text that get_item gives'),
  snippet: z.string().optional().describe('The beginning of the document'),
  frame: z.int().optional().describe('Which frame or page of the picture is most alike, from 1'),
  offline: z.boolean().optional().describe('The folder is not there now'),
  topicWords: z.array(z.string()).optional().describe('What both are about, by the auto-encoder; with explain'),
  ranks: z
    .record(z.string(), z.number())
    .optional()
    .describe('Its rank by every method, the examples counted too; with explain'),
});

export function hitOf(hit: Hit, method: string, addresses: Addresses): z.input<typeof HIT> {
  const { path, explanation, passage, snippet, ...rest } = hit;
  return {
    ...rest,
    ...addresses.of(path),
    reason: reasonOf(hit, method),
    ...(passage === undefined
      ? { snippet }
      : { passage: shortened(passage.text, passage.highlights[0]?.start ?? 0), passageStart: passage.start }),
    ...(explanation?.decodedWords === undefined ? {} : { topicWords: [...explanation.decodedWords] }),
    ...(explanation === undefined ? {} : { ranks: explanation.ranks }),
  };
}

function reasonOf({ kind, score, distance, passage, explanation }: Hit, method: string): string {
  if (kind === 'image') {
    const { differingBits, bits, measure } = explanation ?? {};
    if (differingBits !== undefined) return `${differingBits} of ${bits} bits of ${method} differ`;
    return measure ?? `${method}: score ${score.toFixed(3)}, distance ${distance.toFixed(3)}`;
  }
  const words =
    explanation?.sharedWords?.map(({ word }) => word) ??
    passage?.highlights.map(({ start, end }) => passage.text.slice(start, end).toLowerCase()) ??
    [];
  const shared = [...new Set(words)];
  const topic = explanation?.decodedWords ?? [];
  const parts = [
    shared.length > 0 ? `shares the words ${shared.slice(0, WORDS).join(', ')}` : 'shares no word',
    ...(shared.length > WORDS ? [`and ${shared.length - WORDS} more`] : []),
    ...(topic.length > 0 ? [`both are about ${topic.slice(0, WORDS).join(', ')}`] : []),
    `${method} score ${score.toFixed(3)}`,
  ];
  return parts.join('; ');
}

/** So much of a long passage as {@link PASSAGE} allows, from a little before the first shared word on. */
function shortened(text: string, first: number): string {
  if (text.length <= PASSAGE) return text;
  const start = Math.max(0, Math.min(first - 100, text.length - PASSAGE));
  return `${start > 0 ? '…' : ''}${text.slice(start, start + PASSAGE)}${start + PASSAGE < text.length ? '…' : ''}`;
}
