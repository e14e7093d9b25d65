// What a file says of itself, in every answer that describes one.
import * as z from 'zod';

export const FACTS = {
  title: z.string().optional(),
  author: z.string().optional(),
  date: z.string().optional(),
  language: z.string().optional().describe('ISO 639'),
  pages: z.int().optional(),
  words: z.int().optional(),
  frames: z.int().optional(),
  partial: z.boolean().optional().describe('The file is damaged: only a part of it could be read'),
} as const;
