// The user's --glob and --exclude patterns.
import picomatch from 'picomatch';
import { IGNORE_CASE } from './ignore-rules.ts';

export interface NameFilter {
  /** True when a file may be walked as far as the patterns go. `path` is relative, with '/'. */
  readonly acceptsFile: (path: string) => boolean;
  /** False when nothing in the folder can be accepted. */
  readonly acceptsFolder: (path: string) => boolean;
  /** True when a walk from the root would come to the file: it and every folder above it are accepted. */
  readonly acceptsPath: (path: string) => boolean;
}

type Matcher = (path: string) => boolean;

// `flags: 's'` lets `**` cross names that hold a newline.
const OPTIONS = { dot: true, flags: 's', nocase: IGNORE_CASE };

/**
 * Patterns are read like those of .gitignore: one without a slash is matched against the last name of a path
 * (`*.md`), one with a slash against the whole path below the root (`docs/*.md`, `/*.md`); a folder's pattern
 * (`build`, `build/`, `docs/**`) covers all that is in it; `**`, `{a,b}` and `[ab]` work as in a shell.
 *
 * Patterns and names are compared as Unicode's NFC: an `é` of one character and one of two are the same.
 *
 * @param glob a file has to match one of them, when there are any; one that begins with `!` excludes instead
 * @param exclude no file and no folder above it may match one of them
 * @throws TypeError for an empty pattern
 */
export function nameFilter(glob: readonly string[], exclude: readonly string[]): NameFilter {
  const includes = glob.filter((pattern) => !pattern.startsWith('!')).map(matcherOf);
  const excludes = [...exclude, ...glob.filter((pattern) => pattern.startsWith('!')).map((p) => p.slice(1))].map(
    matcherOf,
  );
  const excluded: Matcher = (path) => excludes.some((matches) => matches(path));
  const acceptsFile: Matcher = (path) =>
    !excluded(path) && (includes.length === 0 || includes.some((matches) => matches(path) || anyParent(path, matches)));
  return {
    acceptsFile,
    acceptsFolder: (path) => !excluded(`${path}/`),
    acceptsPath: (path) => acceptsFile(path) && !anyParent(path, excluded),
  };
}

function matcherOf(pattern: string): Matcher {
  const foldersOnly = pattern.endsWith('/');
  const bare = foldersOnly ? pattern.slice(0, -1) : pattern;
  if (bare === '' || bare === '!') {
    throw new TypeError(`Expected a pattern such as "*.md" for glob or exclude but received "${pattern}".`);
  }
  const anchored = bare.includes('/');
  const matches = picomatch(composed(bare.replace(/^\//, '')), OPTIONS);
  return (path) => {
    const isFolder = path.endsWith('/');
    if (foldersOnly && !isFolder) return false;
    const name = composed(isFolder ? path.slice(0, -1) : path);
    return matches(anchored ? name : name.slice(name.lastIndexOf('/') + 1));
  };
}

/** What systems store either way, and a keyboard gives in one. */
function composed(name: string): string {
  return /[^\u0000-\u007f]/.test(name) ? name.normalize('NFC') : name;
}

function anyParent(path: string, matches: Matcher): boolean {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    if (matches(path.slice(0, slash + 1))) return true;
  }
  return false;
}
