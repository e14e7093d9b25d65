// The kinds of items an index holds.

export type Kind = 'text' | 'image';
