// What is asked, as the address says it; a file that was dropped is kept in memory alone and cannot be shared.
import { signal } from '@preact/signals';
import type { Kind, Question, Settings } from '../../answers.ts';
import { address, go, route } from '../../route.ts';

/** The file that was dropped, pasted or chosen last. */
const dropped = signal<File | undefined>(undefined);

export type Layout = 'list' | 'grid';

/** Hits that are asked for at first, and by each press of "More". */
export const STEP = 24;

export function question(): Question | undefined {
  const { query } = route.value;
  const [text, item] = [query.get('q'), query.get('item')];
  if (item !== null && /^\d+$/.test(item)) return { item: Number(item) };
  if (text !== null && text.trim() !== '') return { text };
  return dropped.value && query.has('file') ? { file: dropped.value } : undefined;
}

export function settings(): Settings {
  const { query } = route.value;
  const glob = (query.get('path') ?? '')
    .split(',')
    .map((pattern) => pattern.trim())
    .filter(Boolean);
  const [method, kind, least] = [query.get('method'), query.get('kind'), Number(query.get('least'))];
  return {
    k: Number(query.get('k')) || STEP,
    ...(method ? { method } : {}),
    ...(kind === 'text' || kind === 'image' ? { kind: kind as Kind } : {}),
    ...(least > 0 ? { minScore: least } : {}),
    ...(glob.length > 0 ? { glob } : {}),
  };
}

/** Changes some parameters of the address and keeps the others. */
export function change(changes: Readonly<Record<string, string | undefined>>, { replace = false } = {}): void {
  go(address('search', { ...Object.fromEntries(route.value.query), k: undefined, ...changes }), { replace });
}

/** Asks anew: the question replaces the former one, method and filters stay, but for those of another kind. */
export function askFor(changes: { q?: string; item?: string; file?: string }): void {
  change({ q: undefined, item: undefined, file: undefined, method: undefined, ...changes });
}

/** Asks with a file; each has a number of its own, so that another one is another question. */
let files = 0;
export function askWith(file: File | undefined): void {
  if (file === undefined) return;
  dropped.value = file;
  askFor({ file: String(++files) });
}
