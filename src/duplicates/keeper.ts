// Which file of a group stays, and why?
import type { Kind } from '../features/feature.ts';

/** What the choice looks at. */
export interface Choosable {
  readonly path: string;
  readonly kind: Kind;
  readonly format: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtimeMs: number;
  readonly width?: number;
  readonly height?: number;
  readonly words?: number;
}

/** What is preferred before all else but folders. */
export const PREFERENCES = ['best', 'largest', 'smallest', 'newest', 'oldest', 'shortest-path'] as const;
export type Preference = (typeof PREFERENCES)[number];

export interface KeepRules {
  /** True for files of folders that are kept before others, the first folder before the second. @default none */
  readonly folders?: readonly { readonly name: string; has(path: string): boolean }[];
  /**
   * `best`: the picture with most pixels, of equal ones that in a format without loss, the least compressed, the oldest; the
   * document with most words, the oldest. @default 'best'
   */
  readonly prefer?: Preference;
}

export interface Choice<File extends Choosable> {
  readonly keep: File;
  /** The rule that told it from the others, as a person would say it. */
  readonly why: string;
}

/** Formats that lose nothing of a picture; a picture that came without loss is the likelier original. */
const LOSSLESS: ReadonlySet<string> = new Set([
  'png',
  'tiff',
  'bmp',
  'tga',
  'ppm',
  'raw',
  'psd',
  'dng',
  'cr2',
  'nef',
  'arw',
]);

/** A rule gives a file a number: the higher, the better. */
interface Rule {
  rank(file: Choosable): number;
  why(file: Choosable): string;
}

const pixels = ({ width = 0, height = 0 }: Choosable): number => width * height;

const BY_PIXELS: Rule = { rank: pixels, why: ({ width, height }) => `most pixels (${width}×${height})` };
const BY_WORDS: Rule = { rank: ({ words = 0 }) => words, why: ({ words }) => `most words (${words})` };
const BY_FORMAT: Rule = {
  rank: ({ format }) => Number(LOSSLESS.has(format)),
  why: ({ format }) => `${format} loses nothing`,
};
const BY_BYTES: Rule = { rank: ({ size }) => size, why: () => 'largest file' };
/** Where something is lost, more bytes lose less; where nothing is, bytes say nothing. */
const BY_QUALITY: Rule = {
  rank: ({ format, size }) => (LOSSLESS.has(format) ? 0 : size),
  why: () => 'least compressed',
};
const BY_FEWEST_BYTES: Rule = { rank: ({ size }) => -size, why: () => 'smallest file' };
const BY_NEWEST: Rule = { rank: ({ mtimeMs }) => mtimeMs, why: () => 'newest' };
const BY_OLDEST: Rule = { rank: ({ mtimeMs }) => -mtimeMs, why: () => 'oldest' };
const BY_SHORT_PATH: Rule = { rank: ({ path }) => -path.length, why: () => 'shortest path' };

const FIRST: Readonly<Record<Exclude<Preference, 'best'>, Rule>> = {
  largest: BY_BYTES,
  smallest: BY_FEWEST_BYTES,
  newest: BY_NEWEST,
  oldest: BY_OLDEST,
  'shortest-path': BY_SHORT_PATH,
};

/** Chooses the file that stays. Rules are asked in order; the first that leaves one file decides. */
export function chooseKeeper<File extends Choosable>(
  files: readonly [File, ...File[]],
  { folders = [], prefer = 'best' }: KeepRules = {},
): Choice<File> {
  let left: readonly File[] = files;
  for (const rule of [...folders.map(byFolder), ...rulesOf(prefer, files[0].kind)]) {
    const best = Math.max(...left.map((file) => rule.rank(file)));
    const still = left.filter((file) => rule.rank(file) === best);
    if (still.length === 1) return { keep: still[0]!, why: rule.why(still[0]!) };
    left = still;
  }
  const first = [...left].sort((a, b) => (a.path < b.path ? -1 : 1))[0]!;
  return { keep: first, why: 'first by name, otherwise equal' };
}

function byFolder({ name, has }: { readonly name: string; has(path: string): boolean }): Rule {
  return { rank: ({ path }) => Number(has(path)), why: () => `in ${name}` };
}

function rulesOf(prefer: Preference, kind: Kind): Rule[] {
  const usual = kind === 'image' ? [BY_PIXELS, BY_FORMAT, BY_QUALITY] : [BY_WORDS];
  return [...(prefer === 'best' ? [] : [FIRST[prefer]]), ...usual, BY_OLDEST, BY_SHORT_PATH];
}
