// Which method answers when none is named: what is recorded of it.
import type { Verdict } from '../compare/verdict.ts';
import type { Kind } from '../features/feature.ts';
import type { Catalog } from '../index/catalog.ts';

/** Items of a kind below which nothing is learned: an encoder would know them by heart and nothing else. */
export const FEWEST_ITEMS = 50;

/** The recorded choice for one kind. */
export interface DefaultMethod {
  readonly method: string;
  /** Why, for a person. */
  readonly sentence: string;
  /** The check it rests on; absent when there was nothing to check. */
  readonly verdict?: Verdict;
  /** Fingerprint of the auto-encoder that was checked. */
  readonly encoder?: string;
  /** Fingerprints of the imported encoders that were checked. */
  readonly imported?: readonly string[];
  /** What the check said of each encoder, by its method. */
  readonly verdicts?: Readonly<Record<string, Verdict>>;
}

/** What answers without an encoder. */
export const PLAIN_METHOD: Readonly<Record<Kind, string>> = { text: 'tfidf', image: 'phash' };

const key = (kind: Kind): string => `default:${kind}`;

export function defaultMethod(catalog: Catalog, kind: Kind): DefaultMethod {
  return catalog.settings.get<DefaultMethod>(key(kind)) ?? withoutEncoder(catalog, kind);
}

export function recordDefault(catalog: Catalog, kind: Kind, choice: DefaultMethod): void {
  catalog.settings.set(key(kind), choice);
}

/** Forgets the choice: the plain way answers until there is another one. */
export function forgetDefault(catalog: Catalog, kind: Kind): void {
  catalog.settings.set(key(kind), undefined);
}

/** Records that the plain way answers, because there is no encoder; a choice among imported ones stands. */
export function recordPlainDefault(catalog: Catalog, kind: Kind, why?: string): DefaultMethod {
  const before = defaultMethod(catalog, kind);
  if (before.imported !== undefined) return before;
  const choice =
    why === undefined
      ? withoutEncoder(catalog, kind)
      : { method: PLAIN_METHOD[kind], sentence: `${PLAIN_METHOD[kind]} answers by default: ${why}` };
  recordDefault(catalog, kind, choice);
  return choice;
}

function withoutEncoder(catalog: Catalog, kind: Kind): DefaultMethod {
  const items = catalog.items.counts()[kind];
  const one = kind === 'text' ? 'document is' : 'picture is';
  const several = kind === 'text' ? 'documents are' : 'pictures are';
  return {
    method: PLAIN_METHOD[kind],
    sentence:
      items < FEWEST_ITEMS
        ? `${PLAIN_METHOD[kind]} answers by default: ${items} ${items === 1 ? one : several} too few to learn from (it takes ${FEWEST_ITEMS}).`
        : `${PLAIN_METHOD[kind]} answers by default: no encoder was trained.`,
  };
}
