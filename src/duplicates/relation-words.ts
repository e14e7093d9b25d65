// What the relations of near-duplicates are called for people.
import type { Relation } from './relation.ts';

export const RELATION_WORDS: Readonly<Record<Relation, string>> = {
  identical: 'identical bytes',
  'same-pixels': 'same pixels',
  're-encoded': 're-encoded',
  resized: 'resized',
  turned: 'rotated or mirrored',
  cropped: 'cropped',
  edited: 'edited',
  'similar-shot': 'similar shot',
  'same-text': 'same text',
  contains: 'one contains the other',
  revision: 'revision',
  template: 'same form, other numbers',
  related: 'related',
};
