// Which paths the ignore files leave out, with git's rules: the nearest file that has an opinion wins.
import { lstatSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { errnoOf } from '../output-error.ts';

/** The ignore files that are read in a folder; where two of one folder disagree, the later name wins. */
export const IGNORE_FILES: readonly string[] = ['.gitignore', '.ignore', '.sandglassignore'];

/** As git's core.ignorecase has it by default: names differ by case except where file systems usually do not tell. */
export const IGNORE_CASE = process.platform === 'darwin' || process.platform === 'win32';

/** The package keeps every answer for ever; a matcher is renewed after so many, which bounds its memory. */
const TESTS_BEFORE_RENEWAL = 10_000;

/** The ignore files of one folder. */
export interface IgnoreLayer {
  readonly patterns: string;
  /** Turns a path relative to the walk's root into one relative to the layer's folder: cut `skip`, then put `prefix`. */
  readonly skip: number;
  readonly prefix: string;
  matcher: Ignore;
  tests: number;
}

/** The layers that hold in a folder, the farthest first. */
export type IgnoreLayers = readonly IgnoreLayer[];

function layerOf(patterns: string, skip: number, prefix: string): IgnoreLayer {
  return { patterns, skip, prefix, matcher: matcherOf(patterns), tests: 0 };
}

function matcherOf(patterns: string): Ignore {
  return ignore({ ignorecase: IGNORE_CASE }).add(patterns);
}

function test(layer: IgnoreLayer, path: string): { ignored: boolean; unignored: boolean } {
  if (++layer.tests > TESTS_BEFORE_RENEWAL) {
    layer.matcher = matcherOf(layer.patterns);
    layer.tests = 0;
  }
  return layer.matcher.test(layer.prefix + path.slice(layer.skip));
}

/** True when `path` (relative to the walk's root, folders with a trailing '/') is left out; its parents are not. */
export function isIgnored(layers: IgnoreLayers, path: string): boolean {
  for (let i = layers.length - 1; i >= 0; i--) {
    const { ignored, unignored } = test(layers[i]!, path);
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}

/**
 * The layers inside `folder` (relative, trailing '/'), which {@link isIgnored} let through, with the patterns of its
 * own ignore files. A farther layer may ignore the folder where a nearer one took it back in; git then asks the farther
 * layer about each path inside, but no longer about the folder, hence the added exception.
 */
export function enterFolder(layers: IgnoreLayers, folder: string, patterns: string): IgnoreLayers {
  const inside = layers.map((layer) => {
    if (folder === '' || !test(layer, folder).ignored) return layer;
    const exception = `!/${escapePattern(layer.prefix + folder.slice(layer.skip))}`;
    return layerOf(`${layer.patterns}\n${exception}`, layer.skip, layer.prefix);
  });
  return patterns.trim() === '' ? inside : [...inside, layerOf(patterns, folder.length, '')];
}

function escapePattern(path: string): string {
  return path.replace(/[\\*?[\]!# ]/g, '\\$&');
}

/**
 * The layers that hold around a walk's root: the user's global ignore file, then the ignore files of the folders above
 * that belong to the same git repository. The latter are dropped when they ignore the root itself: whoever names an
 * ignored folder wants what is in it.
 */
export function layersAround(root: string, globalIgnoreFile: string | undefined): IgnoreLayers {
  const layers: IgnoreLayer[] = [];
  const global = globalIgnoreFile === undefined ? '' : readableOnly(globalIgnoreFile);
  if (global !== '') layers.push(layerOf(global, 0, ''));

  const above: IgnoreLayer[] = [];
  let prefix = '';
  for (const folder of foldersAboveInRepository(root)) {
    prefix = `${basename(folder.child)}/${prefix}`;
    const patterns = IGNORE_FILES.map((name) => readableOnly(join(folder.path, name)));
    if (patterns.some((text) => text.trim() !== '')) above.unshift(layerOf(patterns.join('\n'), 0, prefix));
  }
  return isIgnored(above, '') ? layers : [...layers, ...above];
}

function foldersAboveInRepository(root: string): { path: string; child: string }[] {
  const folders: { path: string; child: string }[] = [];
  let child = root;
  while (!exists(join(child, '.git'))) {
    const path = dirname(child);
    if (path === child) return [];
    folders.push({ path, child });
    child = path;
  }
  return folders;
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function readableOnly(path: string): string {
  try {
    return readPatterns(path);
  } catch {
    return '';
  }
}

/** The text of an ignore file; '' when it is absent or not a regular file (git reads no linked ones either). */
export function readPatterns(path: string): string {
  try {
    if (!lstatSync(path).isFile()) return '';
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '';
    throw error;
  }
}
